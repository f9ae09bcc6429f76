import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { requireService } from "@echoo/testkit";
import { answersAll, sideBySide, talkFor, verdictFor } from "./calls-side-by-side.ts";

const sampleRate = 48_000;
const missing = requireService("chromium");

describe("a microphone that is there and gives nothing", { skip: missing, timeout: 150_000 }, () => {
  it("silent_microphone: what the other side hears has no sound in it", async (t) => {
    const annFlags = [`--use-file-for-fake-audio-capture=${silence(t)}`];
    const { server, annPage, bobPage } = await sideBySide(t, { annFlags });
    await answersAll(bobPage);
    const verdict = await verdictFor(server, "ann", await talkFor(annPage, 18), "silent_microphone");
    assert.deepEqual([verdict?.side, verdict?.confidence], ["caller", "likely"]);
  });
});

/** Two seconds without a sound, which the browser plays again and again: a WAV file of one channel. */
function silence(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "echoo-silence-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const data = Buffer.alloc(sampleRate * 2 * 2);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  const file = join(folder, "silence.wav");
  writeFileSync(file, Buffer.concat([head, data]));
  return file;
}
