import { type Call, EchooClient, EchooError } from "@echoo/client";
import { FakeMedia, type FakeNetwork } from "@echoo/client/fake";
import type { EngineSocket, EngineWorld } from "./engine-world.ts";

/** Refusals that chance brings about; anything else is a fault of the SDK. */
const expected = new Set([
  "already_in_call",
  "offline",
  "call_ended",
  "too_late",
  "unavailable",
  "not_in_call",
  "unknown_call",
]);

/** One device with the SDK, that does as it is told and remembers what happened to it. */
export class SimulatedPerson {
  readonly name: string;
  readonly client: EchooClient;
  readonly media: FakeMedia;
  readonly faults: string[] = [];
  /** Lines of chat, by call. */
  readonly said = new Map<Call, string[]>();
  readonly heard = new Map<Call, string[]>();
  /** How often each call ended. */
  readonly ends = new Map<Call, number>();
  #socket: EngineSocket | undefined;
  #ids = 0;

  constructor(name: string, userId: string, world: EngineWorld, network: FakeNetwork) {
    this.name = name;
    this.media = new FakeMedia(network);
    this.client = new EchooClient({
      url: "ws://world.test/ws",
      userId,
      clock: world.clock,
      media: this.media,
      askAboutSocket: async () => new EchooError("offline"),
      entropy: { random: () => 0.5, uuid: () => this.#uuid() },
      socket: () => {
        this.#socket = world.connect();
        return this.#socket;
      },
    });
    this.client.on("call", (call) => this.#watch(call));
    this.client.on("error", (error) => this.#fault("client", error));
    this.client.connect();
  }

  cut(): void {
    this.#socket?.cut();
  }

  silence(): void {
    this.#socket?.silence();
  }

  /** Its newest connection cannot apply so many descriptions of the peer, once a call has been answered. */
  rejectDescriptions(count: number): void {
    const isTalking = this.client.calls.some((call) => call.startedAtMs !== undefined);
    const connection = this.media.connections.at(-1);
    if (isTalking && connection?.remoteDescription != null) connection.rejects = count;
  }

  /** Connections that have something open with the peer. */
  get negotiating(): readonly string[] {
    const states = this.media.connections.map(({ signalingState }) => signalingState);
    return states.filter((state) => state !== "stable" && state !== "closed").map((state) => `${this.name} ${state}`);
  }

  dial(userId: string, video: boolean): void {
    this.client.call(userId, { video }).catch((error: unknown) => this.#fault("call", error));
  }

  answer(): void {
    const ring = this.client.calls.find((call) => call.state === "incoming");
    ring?.answer().catch((error: unknown) => this.#fault("answer", error));
  }

  decline(): void {
    this.client.calls.find((call) => call.state === "incoming")?.decline();
  }

  hangUp(): void {
    for (const call of this.client.calls) if (call.state !== "incoming") call.hangUp();
  }

  toggleVideo(): void {
    const [call] = this.client.calls;
    call?.setVideo(!call.media.video).catch((error: unknown) => this.#fault("setVideo", error));
  }

  shareScreen(): void {
    const [call] = this.client.calls;
    call?.shareScreen(!call.media.screen).catch((error: unknown) => this.#fault("shareScreen", error));
  }

  changeMicrophone(): void {
    for (const call of this.client.calls.slice(0, 1)) {
      // biome-ignore lint/correctness/useHookAtTopLevel: a device of a call, no hook of React.
      call.useDevice("audioinput", "other").catch((error: unknown) => this.#fault("useDevice", error));
    }
  }

  chat(): void {
    const call = this.client.calls.find((one) => one.startedAtMs !== undefined);
    if (call === undefined) return;
    const line = `${this.name} ${this.#ids++}`;
    call.sendChat(line);
    this.said.set(call, [...(this.said.get(call) ?? []), line]);
  }

  describe(): string {
    return `${this.name}: ${this.client.status} ${this.client.calls.map(({ id, state }) => `${id} ${state}`).join(", ")}`;
  }

  #watch(call: Call): void {
    if (this.ends.has(call)) return;
    this.ends.set(call, 0);
    call.on("chat", ({ message }) => this.heard.set(call, [...(this.heard.get(call) ?? []), message]));
    call.on("ended", () => this.ends.set(call, (this.ends.get(call) ?? 0) + 1));
    call.on("error", (error) => this.#fault("in call", error));
  }

  #fault(where: string, error: unknown): void {
    const { code, message } = error as { code?: string; message?: string };
    if (code === undefined || !expected.has(code)) this.faults.push(`${this.name} ${where}: ${code} ${message}`);
  }

  #uuid(): string {
    this.#ids += 1;
    const number = `${this.name.charCodeAt(0)}${this.name.length}${this.#ids}`.padStart(12, "0");
    return `00000000-0000-4000-8000-${number}`;
  }
}
