import assert from "node:assert/strict";
import { type Call, type CallState, EchooClient, type EchooClientOptions } from "@echoo/client";
import { FakeMedia, type FakeNetwork } from "@echoo/client/fake";
import type { FakeClock } from "@echoo/testkit";
import WebSocket from "ws";

interface Shared {
  readonly url: string;
  readonly clock: FakeClock;
  readonly network: FakeNetwork;
  readonly test: { after(run: () => void): void };
}

/** Somebody with the SDK, over a real socket, with made-up devices and a clock that the test moves. */
export class SdkPerson {
  readonly client: EchooClient;
  readonly media: FakeMedia;
  /** Every call in the order of its appearance, ended ones too. */
  readonly calls: Call[] = [];
  readonly errors: string[] = [];
  readonly #clock: FakeClock;

  constructor(userId: string, { url, clock, network, test }: Shared, options: Partial<EchooClientOptions> = {}) {
    this.#clock = clock;
    this.media = new FakeMedia(network);
    const socket = (address: string) => new WebSocket(address);
    this.client = new EchooClient({ url, userId, clock, media: this.media, socket, ...options });
    this.client.on("error", ({ code }) => this.errors.push(code));
    this.client.on("call", (call) => {
      if (!this.calls.includes(call)) this.calls.push(call);
    });
    test.after(() => this.client.dispose());
  }

  async online(): Promise<this> {
    const online = this.status("online");
    this.client.connect();
    await online;
    return this;
  }

  /** Resolves once the client has that status, now or later. A client that waits to reconnect is hurried on. */
  async status(wanted: EchooClient["status"]): Promise<void> {
    if (this.client.status === wanted) return;
    await new Promise<void>((resolve) => {
      const off = this.client.on("status", (status) => {
        if (status === wanted) {
          off();
          resolve();
        }
      });
    });
  }

  /** The next call that rings here. */
  incoming(): Promise<Call> {
    return new Promise((resolve) => {
      const off = this.client.on("incoming", (call) => {
        off();
        resolve(call);
      });
    });
  }

  /** After its socket broke: waits until that is noticed, lets the pause before the next try, or the one that a draining server asked for, pass, and joins again. */
  async reconnected(): Promise<void> {
    await this.status("connecting");
    const online = this.status("online");
    this.#clock.advance(4_000);
    await online;
  }

  get call(): Call {
    const call = this.calls.at(-1);
    assert(call !== undefined, "there is no call");
    return call;
  }
}

/** Resolves once the call is in that state, now or later. Fails if it ends in another way first. */
export async function inState(call: Call, wanted: CallState): Promise<void> {
  if (call.state === wanted) return;
  await new Promise<void>((resolve, reject) => {
    const off = call.on("state", (state) => {
      if (state !== wanted && state !== "ended") return;
      off();
      if (state === wanted) resolve();
      else reject(new Error(`the call ended (${call.endReason}) instead of becoming ${wanted}`));
    });
  });
}

/** The next event of a call. */
export function next<T extends Parameters<Call["on"]>[0]>(call: Call, type: T): Promise<unknown> {
  return new Promise((resolve) => {
    const off = call.on(type, (event) => {
      off();
      resolve(event);
    });
  });
}
