import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { createRingTickets } from "../../src/push/ring-tickets.ts";

const secret = "s".repeat(32);

test("a ticket is good for its call and device, until a minute after the ring's end, on every server of the system", () => {
  const clock = new FakeClock();
  const ticket = createRingTickets(secret, clock).issue("call", "phone \u00e9.1", clock.now() + 30_000);
  const tickets = createRingTickets(secret, clock);
  assert.equal(tickets.deviceOf("call", ticket), "phone \u00e9.1");
  assert.equal(tickets.deviceOf("another", ticket), undefined);
  assert.equal(createRingTickets("t".repeat(32), clock).deviceOf("call", ticket), undefined);
  clock.advance(89_000);
  assert.equal(tickets.deviceOf("call", ticket), "phone \u00e9.1");
  clock.advance(2_000);
  assert.equal(tickets.deviceOf("call", ticket), undefined);
});

test("a ticket of which anything was changed, or that is none, is no ticket", () => {
  const clock = new FakeClock();
  const tickets = createRingTickets(secret, clock);
  const [end, name, mac] = tickets.issue("call", "phone", clock.now()).split(".");
  const other = Buffer.from("watch").toString("base64url");
  const changed = [
    `${end}z.${name}.${mac}`,
    `${end}.${other}.${mac}`,
    `${end}.${name}.${mac?.slice(1)}`,
    "",
    "a.b",
    "...",
  ];
  for (const ticket of changed) assert.equal(tickets.deviceOf("call", ticket), undefined, ticket);
});
