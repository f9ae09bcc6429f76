import assert from "node:assert/strict";
import { test } from "node:test";
import { maxTextChars } from "@echoo/accounts/testing";
import { StoreUnavailable } from "@echoo/core";
import { createLogger } from "../../src/observability/logging.ts";

const canaries = {
  number: "15551234567",
  token: "canary-token-8c1f",
  code: "482913",
  sdp: "canary-sdp-fingerprint",
  turn: "canary-turn-credential",
  address: "203.0.113.77",
};

function written(log: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  log(createLogger("debug", { write: (line) => void lines.push(line) }));
  return lines.join("");
}

test("no secret, whole number or whole address reaches the log, wherever it hides", () => {
  const { number, token, code, sdp, turn, address } = canaries;
  const output = written((logger) => {
    logger.info({ userId: number, token, otp: code, devOtp: code, sdp, address }, "joined");
    logger.info({ from: `+${number}`, to: number, caller: number, callee: number, users: [number, number] }, "call");
    logger.info(
      { request: { headers: { authorization: `Bearer ${token}`, cookie: token }, body: { otp: code } } },
      "asked",
    );
    logger.info(
      { iceServers: [{ urls: [], username: "1:x", credential: turn }], candidate: { candidate: sdp } },
      "ice",
    );
    logger.error({ err: new Error(`dup key: { _id: "${number}" }`, { cause: new Error(`user ${number}`) }) }, "failed");
    logger.error(new Error(`no such user ${number}`));
    logger.error({ err: new Error(`no such user ${number}`) });
    logger.info(`user ${number} called +${number}`);
    logger.warn({ deep: { a: { b: { c: { d: { userId: number } } } } } }, "deep");
    logger.child({ userId: number, sdp }).info("bound");
    logger.info({ address: "2001:db8:1:2::77", addresses: [address] }, "addresses");
    logger.warn({ origin: `https://evil.example/${token}?${number}` }, "refused");
  });
  for (const [name, canary] of Object.entries(canaries)) assert.ok(!output.includes(canary), name);
  assert.ok(!output.includes("2001:db8:1:2::77"));
  assert.equal(output.trimEnd().split("\n").length, 12);
});

test("what is needed to follow a case stays", () => {
  const { number, address } = canaries;
  const callId = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
  const output = written((logger) => {
    logger.info({ callId, reason: "hangup", durationMs: 61_000, userId: number, address }, "call ended");
    logger.info({ address: "::ffff:203.0.113.77" }, "mapped");
    logger.info({ address: "2001:db8:1:2::77" }, "six");
    logger.error({ err: new TypeError("broken") }, "failed");
  });
  const [first, mapped, six, failed] = output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    { ...first, time: undefined },
    {
      level: "info",
      time: undefined,
      callId,
      reason: "hangup",
      durationMs: 61_000,
      userId: "…67",
      address: "203.0.113.0",
      msg: "call ended",
    },
  );
  assert.match(first.time, /^\d{4}-\d{2}-\d{2}T/);
  assert.deepEqual([mapped.address, six.address], ["203.0.113.0", "2001:db8:1::"]);
  assert.deepEqual([failed.err.type, failed.err.message], ["TypeError", "broken"]);
  assert.match(failed.err.stack, /logging\.test/);
});

test("a database that is away is told with its cause, to the last one, and without stacks", () => {
  const cause = new Error("no server", { cause: Object.assign(new Error("no such name"), { code: "ENOTFOUND" }) });
  const output = written((logger) => logger.warn({ err: new StoreUnavailable(cause) }, "away"));
  assert.deepEqual(JSON.parse(output).err, {
    type: "StoreUnavailable",
    message: "the database does not answer",
    cause: {
      type: "Error",
      message: "no server",
      cause: { type: "Error", message: "no such name", code: "ENOTFOUND" },
    },
  });
});

test("lines below the level are not written", () => {
  const lines: string[] = [];
  const logger = createLogger("warn", { write: (line) => void lines.push(line) });
  logger.info("quiet");
  logger.warn("loud");
  assert.equal(lines.length, 1);
});

test("of a text so many characters are written, and of one more the first as many", () => {
  const output = written((logger) => logger.info({ reason: `${"x".repeat(maxTextChars)}y` }, "closed"));
  assert.ok(output.includes(`"${"x".repeat(maxTextChars)}"`));
});

test("a number that lies across the end of a text that is cut shows none of its digits", () => {
  for (const shown of [1, 2, 3, 7]) {
    const text = `${"x".repeat(maxTextChars - shown - 1)} +15551234567`;
    const output = written((logger) => logger.info({ reason: text }, "closed"));
    assert.match(output, /x [+…]"/);
  }
});
