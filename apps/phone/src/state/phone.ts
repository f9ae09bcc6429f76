import { EchooRest } from "@echoo/client";
import { say } from "../i18n/say.ts";
import { Api } from "./api.ts";
import { AppSession } from "./app-session.ts";
import { Cell } from "./cell.ts";
import { deviceName } from "./device-name.ts";
import { OpenedInvitation } from "./opened-invitation.ts";
import { goHome } from "./route.ts";
import { type Session, SessionKeeper } from "./session-keeper.ts";

export interface Registration {
  readonly phone: string;
  readonly displayName?: string;
  readonly otp?: string;
}

/** The whole page: signed out, or with a line. */
export class Phone {
  readonly keeper: SessionKeeper;
  readonly invitation: OpenedInvitation;
  readonly appSession = new Cell<AppSession | undefined>(undefined);
  /** Why the sign-in is on the screen though the user did not ask for it. */
  readonly notice = new Cell<string | undefined>(undefined);
  readonly #origin: string;
  /** Of the code that was sent last: with it the code is taken wherever the phone has moved to meanwhile. */
  #challenge: string | undefined;

  constructor(location: Location) {
    this.#origin = location.origin;
    this.keeper = new SessionKeeper(location.search);
    addEventListener("pagehide", () => this.appSession.value?.controller.leavePage());
    addEventListener("beforeunload", (event) => {
      if (this.appSession.value?.controller.busy) event.preventDefault();
    });
    this.keeper.follow(() => this.#follow());
    this.invitation = new OpenedInvitation(location.search);
    const session = this.keeper.read();
    if (session) this.#resume(session);
    else void this.invitation.read();
  }

  /** Signs in, or says how long the code that is needed first lives. */
  async signIn(fields: Registration): Promise<{ readonly devOtp: string | undefined } | undefined> {
    const invite = this.invitation.token;
    const device = deviceName(navigator.userAgent);
    const known = { ...(invite === undefined ? {} : { invite }), ...(device === undefined ? {} : { device }) };
    const asked = fields.otp === undefined || this.#challenge === undefined ? {} : { challenge: this.#challenge };
    const reply = await new EchooRest().register({ body: { ...fields, ...known, ...asked } });
    if ("status" in reply) {
      this.#challenge = reply.challenge;
      return { devOtp: reply.devOtp };
    }
    const session = { phone: reply.user.phone, name: reply.user.displayName, token: reply.token };
    this.keeper.write(session);
    this.notice.set(undefined);
    this.invitation.drop();
    this.#open(session);
    return undefined;
  }

  /** Forgets the session here whether or not the server can be told. */
  async signOut(): Promise<void> {
    const appSession = this.appSession.value;
    if (!appSession) return;
    this.#leave(appSession);
    await appSession.client.leave().catch(() => undefined);
    await appSession.api.logout().catch(() => undefined);
  }

  /** On every device, this one included. Rejects where the server could not be asked: all are signed in as before. */
  async signOutEverywhere(): Promise<void> {
    const appSession = this.appSession.value;
    if (!appSession) return;
    await appSession.api.endAllSessions();
    appSession.close();
    // The server may have cut this page's own socket first, which brought the sign-in already.
    if (this.appSession.value === appSession) this.#leave(appSession);
    goHome();
    this.notice.set(say.devices.allEnded);
  }

  #resume(session: Session): void {
    this.#open(session);
    if (this.invitation.token !== undefined) this.appSession.value?.controller.notice.set(say.invitation.signedIn);
  }

  #open(session: Session): void {
    const api = new Api(session);
    const socketUrl = `${this.#origin.replace(/^http/, "ws")}/ws`;
    const onUnauthorized = () => this.#refused(appSession);
    const appSession: AppSession = new AppSession({ session, api, socketUrl, onUnauthorized });
    this.appSession.set(appSession);
    appSession.open();
  }

  #refused(appSession: AppSession): void {
    if (this.appSession.value !== appSession) return;
    appSession.close();
    this.notice.set(say.signIn.signedOut);
    this.#leave(appSession);
  }

  /** Who is signed in was changed in another tab. A call is not cut for that. */
  #follow(): void {
    const [here, there] = [this.appSession.value, this.keeper.read()];
    if (here?.session.phone === there?.phone || here?.controller.busy) return;
    here?.close();
    this.appSession.set(undefined);
    if (there) this.#open(there);
    else this.notice.set(say.signIn.signedOut);
  }

  /** Signs this user out, and goes on as the one who signed in meanwhile in another tab, if there is one. */
  #leave({ session }: AppSession): void {
    this.keeper.clear(session);
    const other = this.keeper.read();
    if (other) {
      this.notice.set(undefined);
      this.#open(other);
      return;
    }
    this.appSession.set(undefined);
    void this.invitation.read();
  }
}
