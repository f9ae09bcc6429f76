import type { ClientMessage, ServerMessage } from "@echoo/protocol";
import type { SimProcess } from "./sim-process.ts";
import { SimSocket } from "./sim-socket.ts";
import type { SimWorld } from "./sim-world.ts";

/** What all clients of a schedule share. */
export interface SimPlace {
  readonly world: SimWorld;
  /** A process that takes connections, if there is one. */
  anyProcess(): SimProcess | undefined;
  readonly clients: readonly SimClient[];
  /** Data of the store was lost so lately that what follows is excused. */
  isExcused(withinMs: number): boolean;
  /** Calls that a client was told of, with what their clients were told of their ends. */
  readonly told: Map<string, Map<SimClient, string>>;
  hasFrozen: boolean;
}

type EngineMessage = Exclude<ClientMessage, { type: "join" | "authenticate" }>;

/** A client of the current protocol: it keeps the rules of resuming. */
export class SimClient {
  readonly user: string;
  readonly device: string;
  readonly #place: SimPlace;
  readonly #world: SimWorld;
  #socket: SimSocket | undefined;
  isJoined = false;
  joinedAtMs = 0;
  session: string | undefined;
  #seq = 0;
  /** Its attempt that nobody has answered. */
  #wish: string | undefined;
  held: string | undefined;
  state: "none" | "out" | "merged" | "answering" | "talking" = "none";
  readonly rings = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #dialled = new Set<string>();
  readonly #unheard = new Map<string, EngineMessage>();
  isActing = true;
  #messages = 0;
  #attempts = 0;
  #connections = 0;

  constructor(place: SimPlace, user: string, device: string) {
    this.#place = place;
    this.#world = place.world;
    this.user = user;
    this.device = device;
  }

  get name(): string {
    return `${this.user}/${this.device}`;
  }

  connect(): void {
    if (this.#socket) return;
    const process = this.#place.anyProcess();
    if (!process) {
      this.#world.after(500 + this.#world.below(1_500), () => this.connect());
      return;
    }
    const socket = new SimSocket(this.#world, process, this);
    this.#socket = socket;
    process.onDeath.push(() => this.#world.after(this.#world.latencyMs(), () => socket.cut()));
    const number = ++this.#connections;
    const resume = this.session === undefined ? {} : { resume: { session: this.session, seq: this.#seq } };
    socket.up(() => this.#joins(socket, process, resume));
    this.#world.after(6_000, () => {
      if (this.#connections === number && this.#socket === socket && !this.isJoined) socket.cut();
    });
  }

  #joins(socket: SimSocket, process: SimProcess, resume: object): void {
    const request = { deviceId: this.name, protocol: 2, ...resume };
    process.engine.join(socket, { userId: this.user }, request).then(
      (session) => {
        if (!process.isAlive) return;
        if (typeof session === "string") {
          this.#world.count(`join refused ${session}`);
          socket.close();
          return;
        }
        socket.session = session;
        // It may have gone while the others were asked.
        if (!socket.isOpen) socket.lost();
      },
      (error) => this.#world.fail(`a join failed: ${error instanceof Error ? error.stack : error}`),
    );
  }

  offline(socket: SimSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.isJoined = false;
    this.#world.after(200 + this.#world.below(2_500), () => this.connect());
  }

  /** Its network is gone; the node sees it now, or when pings go unanswered. */
  #dropNetwork(): void {
    const socket = this.#socket;
    if (!socket) return;
    socket.isOpen = false;
    this.#socket = undefined;
    this.isJoined = false;
    socket.lostLater(this.#world.latencyMs() + (this.#world.chance(0.3) ? this.#world.below(25_000) : 0));
    const backMs = this.#world.chance(0.15) ? this.#world.below(60_000) : 100 + this.#world.below(8_000);
    this.#world.after(backMs, () => this.connect());
  }

  #send(message: EngineMessage): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#world.log(() => `  ${this.name} > ${message.type} ${"callId" in message ? message.callId : ""}`);
    socket.up(() => {
      const { session } = socket;
      if (!session || session.link !== socket) return;
      const done = socket.process.engine.receive(session, message);
      if (done) done.catch((error) => this.#world.fail(`a message failed: ${error?.stack ?? error}`));
    });
  }

  /** With an answer; what is not answered is sent again after a resume. */
  #ask(message: EngineMessage): void {
    const id = `m${++this.#messages}`;
    const asked = { ...message, id };
    this.#unheard.set(id, asked);
    this.#send(asked);
  }

  hear(socket: SimSocket, message: ServerMessage & { seq?: number }): void {
    if (this.#socket !== socket) return;
    this.#world.log(() => `  ${this.name} < ${described(message)}`);
    if (message.seq !== undefined) this.#seq = message.seq;
    switch (message.type) {
      case "joined":
        this.#joined(message);
        return;
      case "calling":
        this.#calling(message);
        return;
      case "offer":
        this.#exists(message.callId, message.type);
        if (this.#ended.has(message.callId)) return;
        this.rings.add(message.callId);
        this.#send({ type: "ringing", callId: message.callId });
        return;
      case "answer":
        this.#exists(message.callId, message.type);
        if (this.held === message.callId) this.#talks();
        return;
      case "hangup":
      case "busy":
      case "reject":
        this.#over(message.callId, message.reason);
        return;
      case "ack":
        this.#acknowledged(message.id);
        return;
      case "error":
        this.#refused(message);
        return;
      default:
    }
  }

  #acknowledged(id: string): void {
    const asked = this.#unheard.get(id);
    this.#unheard.delete(id);
    if (asked?.type !== "answer") return;
    if (this.held === asked.callId && this.state === "answering") this.#talks();
    else if (this.held !== asked.callId && !this.#ended.has(asked.callId ?? "")) this.#hangUp(asked.callId ?? "");
  }

  #refused(message: Extract<ServerMessage, { type: "error" }>): void {
    const asked = message.id === undefined ? undefined : this.#unheard.get(message.id);
    if (message.id !== undefined) this.#unheard.delete(message.id);
    const callId = asked && "callId" in asked ? asked.callId : message.callId;
    this.#world.count(`refused ${asked?.type} ${message.code}`);
    if (callId === undefined) return;
    if (asked?.type === "offer" && callId === this.#wish) this.#wish = undefined;
    if (asked?.type === "answer" || (asked?.type === "offer" && callId === this.held)) this.#over(callId, undefined);
    if (asked?.type === "hangup" && message.code === "unavailable") return;
  }

  #joined(message: Extract<ServerMessage, { type: "joined" }>): void {
    this.isJoined = true;
    this.joinedAtMs = this.#world.nowMs;
    if (message.resumed) {
      for (const asked of this.#unheard.values()) this.#send(asked);
      return;
    }
    this.session = message.session;
    this.#seq = 0;
    this.#unheard.clear();
    const listed = new Map(message.calls.map((call) => [call.callId, call]));
    for (const id of new Set([this.held, this.#wish])) {
      if (id === undefined) continue;
      const known = listed.get(id);
      if (known?.bound) {
        if (id === this.#wish) {
          this.#wish = undefined;
          this.held = id;
          this.state = "out";
        }
        if (known.state !== "calling" && known.state !== "ringing") this.#talks();
        continue;
      }
      this.#over(id, known?.state === "ended" ? known.endReason : undefined);
    }
    for (const id of [...this.rings]) {
      const known = listed.get(id);
      if (known?.state === "ended") this.#over(id, known.endReason);
    }
    this.rings.clear();
    for (const call of message.calls) {
      if (call.bound && call.callId !== this.held && call.state !== "ended") this.#hangUp(call.callId);
      if (!call.bound && call.role === "callee" && (call.state === "calling" || call.state === "ringing")) {
        this.rings.add(call.callId);
      }
    }
  }

  #calling(message: Extract<ServerMessage, { type: "calling" }>): void {
    const { callId, replaces } = message;
    this.#exists(callId, "calling");
    if (replaces !== undefined && replaces !== callId) {
      if (this.#wish === replaces || this.held === undefined) {
        this.#over(replaces, undefined);
        this.#wish = undefined;
        this.held = callId;
        this.state = "merged";
        this.rings.delete(callId);
        this.#world.after(100 + this.#world.below(1_500), () => {
          if (this.held === callId && this.state === "merged") this.#answers(callId);
        });
      } else if (this.held !== callId) {
        this.#hangUp(callId);
      }
      return;
    }
    if (this.#wish === callId) {
      this.#wish = undefined;
      this.held = callId;
      this.state = "out";
    } else if (this.held !== callId && !this.#ended.has(callId)) {
      this.#hangUp(callId);
    }
  }

  #talks(): void {
    if (this.state === "talking") return;
    this.state = "talking";
    const callId = this.held;
    if (callId === undefined) return;
    this.rings.delete(callId);
    this.#connects(callId);
  }

  /** Media flows as long as this client thinks that it talks; it says so until it is heard. */
  #connects(callId: string): void {
    this.#world.after(200 + this.#world.below(500), () => {
      if (this.held === callId && this.state === "talking") this.#ask({ type: "connected", callId });
    });
  }

  #answers(callId: string): void {
    this.held = callId;
    this.state = "answering";
    this.#ask({ type: "answer", callId, sdp: `${this.name} answers` });
  }

  #hangUp(callId: string): void {
    this.#ask({ type: "hangup", callId });
  }

  /** A call that it was told of exists; one that it was told the end of does not come back. */
  #exists(callId: string, what: string): void {
    if (this.#ended.has(callId) && !this.#place.isExcused(20_000)) {
      this.#world.fail(`resurrected: ${this.name} hears ${what} of ${callId} after its end`);
    }
    if (!this.#place.told.has(callId)) this.#place.told.set(callId, new Map());
  }

  #over(callId: string, reason: string | undefined): void {
    // The third dialler of a glare: its attempt never became a call.
    if (reason === "answered_elsewhere" && this.#dialled.has(callId)) this.#place.told.delete(callId);
    if (this.held === callId) {
      this.held = undefined;
      this.state = "none";
    }
    if (this.#wish === callId) this.#wish = undefined;
    this.rings.delete(callId);
    if (reason === undefined) return;
    this.#ended.add(callId);
    const told = this.#place.told.get(callId);
    if (told && !told.has(this)) told.set(this, reason);
  }

  act(): void {
    if (!this.isActing) return;
    this.#world.after(300 + this.#world.below(5_000), () => this.act());
    if (!this.isJoined) return;
    const chance = this.#world.below(100);
    const [ring] = this.rings;
    if (chance < 6) this.#dropNetwork();
    else if (ring !== undefined && this.held === undefined && chance < 55) {
      if (this.#wish !== undefined) return;
      if (chance < 48) this.#answers(ring);
      else {
        this.rings.delete(ring);
        this.#ask({ type: "reject", callId: ring, to: "" });
      }
    } else if (this.held !== undefined && chance < 20) this.hangUp();
    else if (
      this.#wish === undefined &&
      chance >= 55 &&
      (this.held === undefined || (chance > 93 && this.state === "talking"))
    ) {
      const other = this.#place.clients[this.#world.below(this.#place.clients.length)];
      if (other && other.user !== this.user)
        this.#dials(other.user, this.held !== undefined || this.#world.chance(0.3));
    }
  }

  #dials(to: string, supersede: boolean): void {
    const callId = callIdOf(this.name, ++this.#attempts);
    this.#wish = callId;
    this.#dialled.add(callId);
    const [socket, number] = [this.#socket, this.#connections];
    this.#world.count("dialled");
    this.#ask({ type: "offer", to, callId, sdp: `${this.name} offers`, ...(supersede ? { supersede: true } : {}) });
    this.#world.after(12_000, () => {
      if (this.#wish !== callId) return;
      const isThere = this.#connections === number && this.#socket === socket && socket?.process.isAlive;
      if (isThere && !this.#place.hasFrozen) this.#world.fail(`no reply: ${this.name} offered ${callId} 12 s ago`);
      this.#wish = undefined;
    });
  }

  hangUp(): void {
    const callId = this.held;
    if (callId === undefined) return;
    this.held = undefined;
    this.state = "none";
    this.#hangUp(callId);
  }
}

/** Proposed ids are UUIDs; these can be read. */
function callIdOf(name: string, number: number): string {
  const code = [...name]
    .map((char) => char.charCodeAt(0).toString(16).padStart(2, "0"))
    .join("")
    .padStart(12, "0");
  return `${String(number).padStart(8, "0")}-0000-4000-8000-${code.slice(-12)}`;
}

function described(message: ServerMessage): string {
  const parts = [message.type as string];
  for (const name of ["callId", "replaces", "reason", "code", "id", "session", "resumed"]) {
    const value = (message as Record<string, unknown>)[name];
    if (value !== undefined) parts.push(`${name}=${value}`);
  }
  if (message.type === "joined")
    parts.push(JSON.stringify(message.calls.map(({ callId, state, bound }) => [callId, state, bound])));
  return parts.join(" ");
}
