import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { swallowEchoedSignals } from "../setup/one-signal.mjs";

/** A program that notes the signals it hears, and a clock to move. */
function listener() {
  const program = new EventEmitter();
  const heard: string[] = [];
  const clock = { nowMs: 0 };
  swallowEchoedSignals(program, () => clock.nowMs);
  for (const event of ["SIGINT", "SIGTERM", "message"]) program.on(event, () => heard.push(event));
  return { program, heard, clock };
}

test("a Ctrl-C that arrives twice at once is heard once, another signal besides", () => {
  const { program, heard, clock } = listener();
  program.emit("SIGINT");
  clock.nowMs = 299;
  program.emit("SIGINT");
  program.emit("SIGTERM");
  assert.deepEqual(heard, ["SIGINT", "SIGTERM"]);
});

test("a second Ctrl-C that a person presses is heard", () => {
  const { program, heard, clock } = listener();
  program.emit("SIGINT");
  clock.nowMs = 300;
  program.emit("SIGINT");
  assert.deepEqual(heard, ["SIGINT", "SIGINT"]);
});

test("other events pass untouched, however often", () => {
  const { program, heard } = listener();
  program.emit("message");
  program.emit("message");
  assert.deepEqual(heard, ["message", "message"]);
});
