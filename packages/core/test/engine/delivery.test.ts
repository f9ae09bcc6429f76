import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JournalBatch, Link } from "@echoo/core";
import type { ServerMessage } from "@echoo/protocol";
import { FakeClock, MemoryJournal } from "@echoo/testkit";
import type { ChangedCall } from "../../src/arbiter/call-arbiter.ts";
import { fullAbilities } from "../../src/call/abilities.ts";
import { defaultDeadlines } from "../../src/call/deadlines.ts";
import { Delivery } from "../../src/engine/delivery.ts";
import { Session } from "../../src/engine/sessions/session.ts";
import { Timeline } from "../../src/time/timeline.ts";
import { placed } from "../call/call-fixtures.ts";

const emoji = (text: string): ServerMessage => ({ type: "emoji", callId: "c1", from: "ann", to: "bob", emoji: text });
const nothing = () => {};

/** A delivery of which every step is written down: what the journal got, and what was sent. */
function setUp() {
  const steps: string[] = [];
  const ends: (() => void)[] = [];
  let changed: ChangedCall[] = [];
  const clock = new FakeClock();
  class WrittenDown extends MemoryJournal {
    override commit(batch: JournalBatch): void {
      super.commit(batch);
      steps.push("journal");
    }
  }
  const observer = {
    ...{ sessionJoined: nothing, sessionLost: nothing, sessionOver: nothing, callChanged: nothing },
    ...{ callEnded: nothing, journalFailed: nothing, fault: nothing },
  };
  const link: Link = {
    ...{ silentMs: 0, isReading: true, ping: nothing },
    send: () => 0,
    sendText: (text) => void steps.push((JSON.parse(text) as { emoji: string }).emoji),
    close: nothing,
  };
  const options = { journal: new WrittenDown(), observer, defer: (run: () => void) => void ends.push(run) };
  const takeChanged = () => changed.splice(0);
  const delivery = new Delivery({ ...options, deadlines: defaultDeadlines }, new Timeline(clock), takeChanged);
  const user = { id: "s1", user: "bob", device: "d1", can: fullAbilities };
  const session = new Session({ ...user, link, joinedAtMs: clock.steady() });
  return {
    ...{ steps, delivery, session },
    change() {
      changed = [{ call: placed() }];
      delivery.schedule();
    },
    endTurn() {
      for (const run of ends.splice(0)) run();
    },
  };
}

describe("what changes nothing", () => {
  test("leaves when it comes, where the turn has nothing to write", () => {
    const { steps, delivery, session, endTurn } = setUp();
    delivery.pass(session, emoji("1"));
    delivery.pass(session, emoji("2"));
    assert.deepEqual(steps, ["1", "2"]);
    endTurn();
    assert.deepEqual(steps, ["1", "2"]);
  });

  test("leaves behind what the turn has to write, and in its place among what it sends", () => {
    const { steps, delivery, session, change, endTurn } = setUp();
    delivery.pass(session, emoji("1"));
    change();
    delivery.send(session, emoji("2"));
    delivery.pass(session, emoji("3"));
    assert.deepEqual(steps, ["1"]);
    endTurn();
    assert.deepEqual(steps, ["1", "journal", "2", "3"]);
    delivery.pass(session, emoji("4"));
    assert.deepEqual(steps.at(-1), "4");
  });

  test("waits for the journal also where the change itself tells nobody anything", () => {
    const { steps, delivery, session, change, endTurn } = setUp();
    change();
    delivery.pass(session, emoji("1"));
    endTurn();
    assert.deepEqual(steps, ["journal", "1"]);
  });

  test("is kept until it is confirmed, like all that is sent", () => {
    const { delivery, session } = setUp();
    delivery.pass(session, emoji("1"));
    assert.equal(session.queue.lastSeq, 1);
    assert.equal(session.hasConfirmed("c1"), false);
  });
});
