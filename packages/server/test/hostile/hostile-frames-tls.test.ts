import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame, opcodes, RawSocket, spawnServer } from "@echoo/testkit";
import { certificateFolder, makeCertificate } from "../tls/made-certificate.ts";
import { forbiddenFrames } from "./forbidden-frames.ts";

test("forbidden frames that come through TLS end their own sockets, and the others go on", async (t) => {
  const { files, write } = certificateFolder(t);
  write(await makeCertificate());
  const env = { TLS_CERT: files.cert, TLS_KEY: files.key, ECHOO_RATE_LIMITS: "off" };
  const server = await spawnServer({ env, test: t });
  const url = `https://127.0.0.1:${server.port}`;
  const joined = async (userId: string) => {
    const raw = await RawSocket.connect(url, t);
    assert.equal(await raw.upgrade(), 101);
    raw.frame({ opcode: opcodes.text, payload: JSON.stringify({ type: "join", userId, protocol: 2 }) });
    assert.equal((await raw.nextMessage())?.type, "joined");
    return raw;
  };
  const witness = await joined("6661000002");
  const fragment = (opcode: number) => encodeFrame({ opcode, payload: "x", fin: false });
  const more = fragment(opcodes.continuation);
  const flood = Buffer.concat([fragment(opcodes.text), ...Array.from({ length: 99_999 }, () => more)]);
  for (const [what, frames] of [
    ...Object.entries(forbiddenFrames),
    ["100,000 fragments of one byte", flood] as const,
  ]) {
    const raw = await joined("6661000001");
    if (Buffer.isBuffer(frames)) await raw.writeAll(frames);
    else for (const frame of frames) raw.frame(frame);
    const { closeCode } = await raw.closed();
    assert.ok([undefined, 1002, 1007, 1008, 1009].includes(closeCode), `${what}: closed with ${closeCode}`);
    witness.frame({ opcode: opcodes.text, payload: '{"type":"checkUser","userId":"6661000001"}' });
    assert.equal((await witness.nextMessage())?.type, "userStatus", what);
  }
  assert.deepEqual(server.faults(), []);
});
