import type { ServerMessage } from "@echoo/protocol";
import type { Scenario } from "./scenario.ts";
import type { ScenarioDevice } from "./scenario-device.ts";

interface Details {
  /** Another call than the one the device heard of last. */
  readonly callId?: string;
  readonly to?: string;
  readonly id?: string;
  readonly reason?: string;
  readonly neg?: number;
  readonly supersede?: boolean;
  readonly renew?: boolean;
  /** Said instead of what the method says by itself. */
  readonly label?: string;
}

/** Plays one device: each method is a row of the transcript. */
export class ScenarioActor {
  readonly device: ScenarioDevice;
  readonly #scenario: Scenario;
  #peer = "";

  constructor(scenario: Scenario, device: ScenarioDevice) {
    this.#scenario = scenario;
    this.device = device;
  }

  /** The call of the last row that this device was told of. */
  get call(): string {
    return this.device.call;
  }

  get last(): ServerMessage | undefined {
    return this.device.received.at(-1);
  }

  joins(): Promise<void> {
    return this.#row("joins", () => this.device.connect({ resume: false }));
  }

  resumes(): Promise<void> {
    return this.#row("resumes", () => this.device.connect({ resume: true }));
  }

  loses(): Promise<void> {
    return this.#row("loses the socket", () => this.device.loseSocket());
  }

  /** Its page is closed or loaded anew: its browser says so. */
  goesAway(): Promise<void> {
    return this.#row("goes away", () => this.device.loseSocket(true));
  }

  /** A page that was loaded anew names the session of the one before, and has nothing of it. */
  reloads(): Promise<void> {
    return this.#row("joins anew", () => this.device.connect({ resume: true, anew: true }));
  }

  leaves(): Promise<void> {
    return this.#row("leaves", () => this.device.leave());
  }

  offers(to: string, details: Details = {}): Promise<void> {
    this.#peer = to;
    const supersede = details.supersede ? " instead" : "";
    const proposed = details.callId ?? this.#scenario.proposeCall();
    const callId = this.device.isLegacy ? {} : { callId: this.#scenario.id(proposed) };
    return this.#row(details.label ?? `offers ${to}${supersede}`, () =>
      this.device.send({
        type: "offer",
        to,
        sdp: `${this.device.label} offers ${proposed}`,
        ...callId,
        ...only(details, ["id", "neg", "supersede"]),
      }),
    );
  }

  renegotiates(neg: number | undefined, details: Details = {}): Promise<void> {
    return this.#row(details.label ?? "renegotiates", () =>
      this.device.send({
        type: "offer",
        to: this.#other(details),
        sdp: `again ${neg}`,
        callId: this.#id(details),
        ...(neg === undefined ? {} : { neg }),
        ...only(details, ["renew"]),
      }),
    );
  }

  /** The peer's renegotiation of that number. */
  refuses(neg: number, details: Details = {}): Promise<void> {
    return this.#row(details.label ?? `refuses ${neg}`, () =>
      this.device.send({ type: "offerRefused", ...this.#addressed(details), neg }),
    );
  }

  rings(details: Details = {}): Promise<void> {
    return this.#row(details.label ?? "rings", () =>
      this.device.send({ type: "ringing", callId: this.#id(details), ...only(details, ["id"]) }),
    );
  }

  answers(details: Details = {}): Promise<void> {
    return this.#row(details.label ?? "answers", () =>
      this.device.send({
        type: "answer",
        ...this.#addressed(details),
        sdp: `${this.device.label} answers`,
        ...only(details, ["id", "neg"]),
      }),
    );
  }

  trickles(candidate: string | null, details: Details = {}): Promise<void> {
    return this.#row(details.label ?? `sends ${candidate ?? "the end"}`, () =>
      this.device.send({
        type: "candidate",
        ...this.#addressed(details),
        candidate: candidate === null ? null : { candidate },
        ...only(details, ["id"]),
      }),
    );
  }

  connects(details: Details = {}): Promise<void> {
    return this.#row(details.label ?? "is connected", () =>
      this.device.send({ type: "connected", callId: this.#id(details), ...only(details, ["id"]) }),
    );
  }

  rejects(details: Details = {}): Promise<void> {
    return this.#row(details.label ?? (details.reason === "busy" ? "is busy" : "rejects"), () =>
      this.device.send({ type: "reject", ...this.#addressed(details), ...only(details, ["id", "reason"]) }),
    );
  }

  hangsUp(details: Details = {}): Promise<void> {
    return this.#row(details.label ?? "hangs up", () =>
      this.device.send({ type: "hangup", ...this.#addressed(details), ...only(details, ["id", "reason"]) }),
    );
  }

  /** Repeats the last message, number and all. */
  repeats(): Promise<void> {
    return this.#row("repeats that", async () => void (await this.device.repeatLast()));
  }

  #row(what: string, act: () => void | Promise<void>): Promise<void> {
    return this.#scenario.row(`${this.device.label} ${what}`, act);
  }

  #id(details: Details): string {
    return details.callId === undefined ? this.device.call : this.#scenario.id(details.callId);
  }

  #addressed(details: Details): { callId: string; to: string } {
    return { callId: this.#id(details), to: this.#other(details) };
  }

  #other(details: Details): string {
    if (details.to !== undefined) return details.to;
    const offered = this.device.received.findLast((message) => message.type === "offer");
    return offered?.type === "offer" && offered.callId === this.device.call ? offered.from : this.#peer;
  }
}

function only<K extends keyof Details>(details: Details, keys: readonly K[]): Pick<Details, K> {
  return Object.fromEntries(keys.filter((key) => details[key] !== undefined).map((key) => [key, details[key]])) as Pick<
    Details,
    K
  >;
}
