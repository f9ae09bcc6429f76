import type { EndedBy, ServerMessage, ServerMessageByType } from "@echoo/protocol";
import type { ScenarioDevice } from "@echoo/testkit";

/** One call as its user sees it on one device. */
export interface Screen {
  readonly role: "caller" | "callee";
  isAnswered: boolean;
  /** The number of the peer's newest candidate, by the device that sent it. */
  readonly newest: Map<string, number>;
  /** Some candidates are known to be missing: a queue was lost, or it was offered the call afresh. */
  hasGap: boolean;
  /** Who sent candidates and answers, each a device's label. */
  readonly heardFrom: Set<string>;
}

/** What a client makes of what it is sent, by the rules of the protocol; it notes what those rules forbid. */
export class DeviceView {
  readonly device: ScenarioDevice;
  readonly screens = new Map<string, Screen>();
  readonly faults: string[] = [];
  /** How each call ended for this device. */
  readonly ends = new Map<string, string>();
  /** Whose doing each of those ends was, as it was told. */
  readonly enders = new Map<string, EndedBy | undefined>();
  /** Calls that it hung up or rejected by a message with this id. */
  readonly endings = new Map<string, { readonly callId: string; readonly type: "reject" | "hangup" }>();
  /** Ids that it proposed for its own offers. */
  readonly proposed = new Set<string>();
  /** Whom it has dialled since it last refused a call of theirs: a change of mind, of which it may hear by their call. */
  readonly dialled = new Set<string>();
  /** Calls that it said it answers, heard or not. */
  readonly answering = new Set<string>();
  readonly isLegacy: boolean;

  constructor(device: ScenarioDevice) {
    this.device = device;
    this.isLegacy = device.isLegacy;
  }

  /** The app starts afresh. */
  clear(): void {
    this.screens.clear();
    this.proposed.clear();
    this.dialled.clear();
    this.answering.clear();
    // One that names no device is another one from now on, and may be asked what the old one refused.
    if (this.device.deviceId === undefined) this.ends.clear();
  }

  hear(message: ServerMessage): void {
    switch (message.type) {
      case "joined":
        this.#joined(message);
        break;
      case "calling":
        this.#calling(message);
        break;
      case "offer":
        this.#offer(message);
        break;
      case "ringing":
      case "peerLost":
      case "peerBack":
        this.#need(message.callId, message.type);
        break;
      case "answer":
        this.#answer(message);
        break;
      case "candidate":
        this.#candidate(message);
        break;
      case "busy":
      case "reject":
      case "hangup":
        this.#end(message);
        break;
      case "ack":
        this.#acknowledged(message.id);
        break;
      case "error":
        // What is too late for this device is over for it.
        if (message.code === "too_late" && message.callId !== undefined) this.screens.delete(message.callId);
        break;
      default:
    }
  }

  #need(callId: string, what: string): Screen | undefined {
    const screen = this.screens.get(callId);
    if (!screen && !this.isLegacy)
      this.faults.push(`${this.device.label}: ${what} of ${callId}, which is not on its screen`);
    return screen;
  }

  #open(callId: string, role: Screen["role"]): void {
    this.screens.set(callId, { role, isAnswered: false, newest: new Map(), hasGap: false, heardFrom: new Set() });
  }

  #joined(message: ServerMessageByType<"joined">): void {
    if (message.resumed || this.isLegacy) return;
    // A call whose offer was handled, though its `calling` never arrived, is known by its proposed id.
    for (const { callId, bound, role } of message.calls) {
      if (bound && this.proposed.has(callId) && !this.screens.has(callId)) this.#open(callId, role);
    }
    for (const [callId, screen] of this.screens) {
      const summary = message.calls.find((call) => call.callId === callId);
      const isAnswered = summary && summary.state !== "calling" && summary.state !== "ringing";
      if (!summary || summary.state === "ended" || (isAnswered && !summary.bound)) {
        this.screens.delete(callId);
        continue;
      }
      screen.hasGap = true;
      if (isAnswered) screen.isAnswered = true;
      for (const candidate of summary.candidates ?? []) if (candidate) this.#note(screen, candidate.candidate, false);
    }
  }

  #calling(message: ServerMessageByType<"calling">): void {
    // The screen of its own call takes the place of any other.
    if (this.isLegacy) this.screens.clear();
    if (message.replaces !== undefined) this.screens.delete(message.replaces);
    const known = this.screens.get(message.callId);
    this.proposed.delete(message.callId);
    const isMerged = message.sdp !== undefined;
    if (known && !isMerged) return;
    // Dialling the other party is a change of mind about what it refused.
    if (isMerged) this.ends.delete(message.callId);
    this.#open(message.callId, isMerged ? "callee" : "caller");
    const screen = this.screens.get(message.callId);
    if (known && screen) screen.hasGap = true;
    for (const candidate of message.candidates ?? []) {
      if (candidate && screen) this.#note(screen, candidate.candidate, false);
    }
  }

  #offer(message: ServerMessageByType<"offer">): void {
    const isRing = message.expiresInMs !== undefined;
    const known = this.screens.get(message.callId);
    if (!isRing) {
      if (!known?.isAnswered) this.faults.push(`${this.device.label}: renegotiation of a call that is not answered`);
      return;
    }
    const other = [...this.screens.keys()].find((callId) => callId !== message.callId);
    if (this.isLegacy && other !== undefined)
      this.faults.push(`14: ${this.device.label}: rings while it shows ${other}`);
    if (known?.isAnswered) this.faults.push(`${this.device.label}: rings for a call that it is in`);
    if (this.ends.has(message.callId) && !this.dialled.has(message.from))
      this.faults.push(`${this.device.label}: rings after the end of ${message.callId}`);
    this.#open(message.callId, "callee");
    const screen = this.screens.get(message.callId);
    if (screen && known) screen.hasGap = true;
  }

  /** Its own answer went out, and nobody refused it. */
  answered(callId: string): void {
    const screen = this.screens.get(callId);
    if (screen) screen.isAnswered = true;
  }

  #answer(message: ServerMessageByType<"answer">): void {
    const screen = this.#need(message.callId, "answer");
    if (!screen) return;
    if (message.neg === undefined || message.neg <= 1) {
      if (screen.isAnswered && !screen.hasGap && !this.isLegacy) {
        this.faults.push(`${this.device.label}: a second answer for ${message.callId}`);
      }
      screen.isAnswered = true;
      screen.heardFrom.add(message.sdp);
    }
  }

  #candidate(message: ServerMessageByType<"candidate">): void {
    const screen = this.#need(message.callId, "candidate");
    if (!screen || !message.candidate) return;
    if (screen.role === "caller" && !screen.isAnswered) {
      this.faults.push(`${this.device.label}: a candidate of the callee before its answer`);
    }
    this.#note(screen, message.candidate.candidate, !screen.hasGap && !this.isLegacy);
  }

  /** A candidate says who sent it, and which one of that sender's it is: "bob's tablet#3". */
  #note(screen: Screen, text: string, mustFollow: boolean): void {
    const [from = "", count = "0"] = text.split("#");
    const number = Number(count);
    const newest = screen.newest.get(from);
    screen.heardFrom.add(from);
    if (newest !== undefined && number <= newest && mustFollow) {
      this.faults.push(`${this.device.label}: candidate ${text} came twice or too late`);
    }
    if (newest !== undefined && number > newest + 1 && mustFollow) {
      this.faults.push(`${this.device.label}: a candidate of ${from} is missing before #${number}`);
    }
    screen.newest.set(from, Math.max(number, newest ?? 0));
  }

  #end(message: ServerMessageByType<"busy" | "reject" | "hangup">): void {
    const had = this.screens.delete(message.callId);
    // One that reads no ids leaves its screen at any end, so it must not hear of another call's.
    const [other] = this.screens.keys();
    if (this.isLegacy && message.callId !== "" && other !== undefined)
      this.faults.push(`14: ${this.device.label}: an end of ${message.callId} while it shows ${other}`);
    if (this.isLegacy) this.screens.clear();
    if (!had && !this.isLegacy) this.faults.push(`${this.device.label}: a second end of ${message.callId}`);
    this.dialled.delete(message.from);
    this.ends.set(message.callId, message.type === "busy" ? "busy" : message.reason);
    this.enders.set(message.callId, message.endedBy);
  }

  #acknowledged(id: string): void {
    const ending = this.endings.get(id);
    if (!ending) return;
    const screen = this.screens.get(ending.callId);
    // Rejecting a call that one placed or took changes nothing; hanging up ends whatever it is.
    const isRing = screen?.role === "callee" && !screen.isAnswered && !this.answering.has(ending.callId);
    if (isRing || ending.type === "hangup") this.screens.delete(ending.callId);
  }
}
