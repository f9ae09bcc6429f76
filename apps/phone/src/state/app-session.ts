import { type ClientStatus, EchooClient } from "@echoo/client";
import { CallController } from "../calls/call-controller.ts";
import { codeOf, sentenceFor } from "../i18n/sentence-for.ts";
import type { Api } from "./api.ts";
import { Cell } from "./cell.ts";
import type { ClosedRings } from "./closed-rings.ts";
import { Directory } from "./directory.ts";
import { History } from "./history.ts";
import type { Session } from "./session-keeper.ts";

interface AppSessionOptions {
  readonly session: Session;
  readonly api: Api;
  readonly socketUrl: string;
  /** The token counts no more. */
  readonly onUnauthorized: () => void;
}

/** Everything a signed-in person has: the connection, the people, the calls. */
export class AppSession {
  readonly session: Session;
  readonly api: Api;
  readonly client: EchooClient;
  readonly directory: Directory;
  readonly history: History;
  readonly controller: CallController;
  readonly status = new Cell<ClientStatus>("connecting");
  /** What is wrong with the connection, in words. */
  readonly problem = new Cell<string | undefined>(undefined);

  /** Rings while the page is closed; absent until its script is there, and in a tab of another person's. */
  readonly closedRings = new Cell<ClosedRings | undefined>(undefined);

  /** Whether this person may invite others. */
  readonly isAdmin = new Cell(false);

  #wasOnline = false;

  constructor({ session, api, socketUrl, onUnauthorized }: AppSessionOptions) {
    this.session = session;
    this.api = api;
    this.client = new EchooClient({ url: socketUrl, userId: session.phone, token: session.token, name: "echoo-phone" });
    this.directory = new Directory(api, this.client);
    this.history = new History(api);
    this.controller = new CallController({
      client: this.client,
      nameOf: (userId) => this.directory.nameOf(userId),
      onPeer: (call) => this.#meet(call),
      onMissed: (missed) => {
        this.#meet(missed);
        this.#readCall(missed.callId);
      },
      onEnded: (callId) => this.#readCall(callId),
    });
    this.client.on("status", (status) => this.#onStatus(status));
    this.client.on("error", (error) => {
      if (codeOf(error) === "unauthorized") onUnauthorized();
      else if (this.client.status !== "online") this.problem.set(sentenceFor(error));
    });
  }

  open(): void {
    this.client.connect();
    void this.directory.reload();
    void this.directory.readBlocks();
    this.#readHistory();
    void this.api.isAdmin().then(
      (isAdmin) => this.isAdmin.set(isAdmin),
      () => undefined,
    );
  }

  close(): void {
    this.client.dispose();
  }

  /** After a loss the histories may have moved on without this page. */
  #onStatus(status: ClientStatus): void {
    this.status.set(status);
    if (status !== "online") return;
    this.problem.set(undefined);
    if (this.#wasOnline) {
      void this.directory.reload();
      this.#readHistory();
    }
    this.#wasOnline = true;
  }

  #meet({ peer, peerName }: { readonly peer: string; readonly peerName: string | undefined }): void {
    this.directory.learnName(peer, peerName);
    void this.directory.lookUp(peer);
  }

  #readCall(callId: string): void {
    void this.history.reloadFor(callId).then(() => this.#learnNames());
  }

  #readHistory(): void {
    void this.history.reload().then(() => this.#learnNames());
  }

  #learnNames(): void {
    for (const { peer } of this.history.view.value.calls) this.directory.learnName(peer.phone, peer.displayName);
  }
}
