import type { Call, DeviceChange, Instant } from "@echoo/client";
import { codeOf, sentenceFor } from "../i18n/sentence-for.ts";
import { after, now } from "../platform.ts";
import { Cell } from "../state/cell.ts";

export interface ChatLine {
  readonly id: number;
  readonly mine: boolean;
  readonly text: string;
  readonly atMs: Instant;
  /** A reaction rather than words. */
  readonly reaction: boolean;
}

interface Reaction {
  readonly id: number;
  readonly emoji: string;
}

const maxChatLines = 500;
/** Further callers push the first of them out. */
const maxCallers = 3;
const maxReactions = 8;
const reactionShownMs = 4000;

let sessions = 0;

/** What the page keeps of one call besides the call itself: its chat, reactions and what went wrong. */
export class CallSession {
  readonly call: Call;
  /** Stays the same where the call's own id changes, as it does when both dial each other. */
  readonly key = ++sessions;
  /** Counts the changes of the call, so that components draw them. */
  readonly changes = new Cell(0);
  readonly chat = new Cell<readonly ChatLine[]>([]);
  readonly unread = new Cell(0);
  readonly reactions = new Cell<readonly Reaction[]>([]);
  /** Numbers that called during this call and heard that its user is on another one. */
  readonly callers = new Cell<readonly string[]>([]);
  readonly problem = new Cell<string | undefined>(undefined);
  /** What became of a device by itself, until it works again or its user has put the news away. */
  readonly deviceNews = new Cell<ReadonlyMap<DeviceChange["device"], DeviceChange>>(new Map());
  /** What kept this device from taking the call though its user wanted to. */
  obstacle: unknown;
  #chatIsOpen = false;
  #nextId = 1;

  constructor(call: Call) {
    this.call = call;
    const changed = () => this.changes.set(this.changes.value + 1);
    for (const type of ["state", "interruption", "media", "quality", "sample", "ended"] as const)
      call.on(type, changed);
    call.on("chat", ({ message, atMs }) => this.#addLine({ mine: false, text: message, atMs, reaction: false }));
    call.on("emoji", ({ emoji, atMs }) => {
      this.#addLine({ mine: false, text: emoji, atMs, reaction: true });
      this.#show(emoji);
    });
    call.on("device", (change) => {
      const others = [...this.deviceNews.value].filter(([device]) => device !== change.device);
      const news = change.change === "returned" ? [] : [[change.device, change] as const];
      this.deviceNews.set(new Map([...others, ...news]));
    });
    call.on("media", () => this.#dropOldNews());
    call.on("error", (error) => this.problem.set(sentenceFor(error)));
  }

  send(text: string): void {
    this.call.sendChat(text);
    this.#addLine({ mine: true, text, atMs: now(), reaction: false });
  }

  react(emoji: string): void {
    this.call.sendEmoji(emoji);
    this.#addLine({ mine: true, text: emoji, atMs: now(), reaction: true });
    this.#show(emoji);
  }

  /**
   * Where this page gets no microphone, it says so to the caller, who need not go on hearing it ring; other devices of
   * the user do. Where the camera alone is refused, the call goes on without it.
   */
  async answer(video: boolean): Promise<void> {
    try {
      await this.call.answer({ video });
    } catch (error) {
      // It ended by itself, and says why.
      if (this.call.state !== "incoming") return;
      if (video && codeOf(error) === "media_denied") return this.answer(false);
      this.obstacle = error;
      this.call.decline({ onlyHere: true });
    }
  }

  calledBy(phone: string): void {
    this.forgetCaller(phone);
    this.callers.set([...this.callers.value, phone].slice(-maxCallers));
  }

  forgetCaller(phone: string): void {
    this.callers.set(this.callers.value.filter((each) => each !== phone));
  }

  forgetNews(device: DeviceChange["device"]): void {
    this.deviceNews.set(new Map([...this.deviceNews.value].filter(([each]) => each !== device)));
  }

  pickDevice(kind: "audioinput" | "videoinput", deviceId: string): Promise<void> {
    return this.attempt(() => this.call.useDevice(kind, deviceId));
  }

  setChatOpen(open: boolean): void {
    this.#chatIsOpen = open;
    if (open) this.unread.set(0);
  }

  /** Runs something that may fail, and says so in words when it does. */
  async attempt(action: () => Promise<void>): Promise<void> {
    try {
      this.problem.set(undefined);
      await action();
    } catch (error) {
      this.problem.set(sentenceFor(error));
    }
  }

  /** What is sent again needs no words any more. */
  #dropOldNews(): void {
    const { audio, video, screen } = this.call.media;
    const isOn = { microphone: audio, camera: video, screen };
    for (const { device, change } of this.deviceNews.value.values()) {
      if (isOn[device] && (change === "lost" || change === "interrupted")) this.forgetNews(device);
    }
  }

  #addLine(line: Omit<ChatLine, "id">): void {
    this.chat.set([...this.chat.value, { ...line, id: this.#nextId++ }].slice(-maxChatLines));
    if (!line.mine && !this.#chatIsOpen) this.unread.set(this.unread.value + 1);
  }

  #show(emoji: string): void {
    const id = this.#nextId++;
    this.reactions.set([...this.reactions.value, { id, emoji }].slice(-maxReactions));
    after(reactionShownMs, () => this.reactions.set(this.reactions.value.filter((shown) => shown.id !== id)));
  }
}
