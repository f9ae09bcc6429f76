import type { AppPhone } from "./app-phone.ts";

/** What differs from run to run, by the name of its field, and what is shown in its place. */
const replaced: Readonly<Record<string, unknown>> = {
  ...{ session: "SESSION", sdp: "SDP", expiresInMs: 60_000, time: 1_767_225_600_000 },
  ...{ duration: 12, durationMs: 12_000 },
  ...{ startTime: "2026-01-01T00:00:00.000Z", endTime: "2026-01-01T00:00:15.000Z" },
};

/** The frames of a call in the order in which they went over the wire, as a page that a test compares. */
export class CallTranscript {
  readonly #phones: readonly (readonly [string, AppPhone])[];
  readonly #seen = new Map<string, { sent: number; received: number }>();
  readonly #callIds: string[] = [];
  readonly #parts: string[] = [];

  constructor(...phones: readonly (readonly [string, AppPhone])[]) {
    this.#phones = phones;
  }

  /** Everything that was said since the last part, once all of it has arrived. */
  async part(title: string): Promise<void> {
    for (const [, { peer }] of this.#phones) await peer.settle();
    const rows: string[] = [];
    for (const [name, phone] of this.#phones) {
      const seen = this.#seen.get(name) ?? { sent: 0, received: 0 };
      for (const text of phone.said.slice(seen.sent)) rows.push(`${name} > ${this.#shown(text)}`);
      this.#seen.set(name, { sent: phone.said.length, received: seen.received });
    }
    for (const [name, phone] of this.#phones) {
      const { sent, received } = this.#seen.get(name) ?? { sent: 0, received: 0 };
      const texts = phone.peer.receivedTexts;
      const frames = texts.slice(received).filter((text) => !text.startsWith('{"type":"pong"'));
      for (const text of frames) rows.push(`${name} < ${this.#shown(text)}`);
      this.#seen.set(name, { sent, received: texts.length });
    }
    this.#parts.push(`## ${title}\n\n\`\`\`\n${rows.join("\n")}\n\`\`\`\n`);
  }

  /** A request of the app and its answer. */
  request(title: string, request: string, answer: object): void {
    this.#parts.push(`## ${title}\n\n\`\`\`\n${request}\n${this.#shown(JSON.stringify(answer))}\n\`\`\`\n`);
  }

  toString(): string {
    return this.#parts.join("\n");
  }

  /** The frame as it went over the wire, its escapes too, with the values replaced that no two runs share. */
  #shown(text: string): string {
    const ids = new Set([...text.matchAll(/"callId":"([^"]+)"/g)].map((match) => match[1] ?? ""));
    for (const id of ids) if (!this.#callIds.includes(id)) this.#callIds.push(id);
    let shown = text;
    for (const [at, id] of this.#callIds.entries()) shown = shown.replaceAll(id, `CALL-${at + 1}`);
    for (const [name, value] of Object.entries(replaced)) {
      const field = new RegExp(`"${name}":("(?:[^"\\\\]|\\\\.)*"|\\d+)`, "g");
      shown = shown.replace(field, () => `"${name}":${JSON.stringify(value)}`);
    }
    return shown;
  }
}
