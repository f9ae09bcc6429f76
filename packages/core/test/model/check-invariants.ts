import assert from "node:assert/strict";
import {
  type AnsweredCall,
  type Call,
  isAnswered,
  isRinging,
  type Offered,
  type UnfinishedCall,
} from "../../src/call/call.ts";
import { endedByTo, enderOf } from "../../src/call/ended-by.ts";
import { lostLegOf } from "../../src/call/legs.ts";
import { isShownOn } from "../../src/call/offered-devices.ts";
import type { CallRecord } from "../../src/call/record.ts";
import type { DeviceView } from "./device-view.ts";
import type { ModelWorld } from "./model-world.ts";

/** Timers that the engine keeps for itself while it runs: forgetting and the sign of life. */
const housekeepingTimers = 2;

export type Invariants = ReturnType<typeof newInvariants>;

/** The invariants of the calls, by their numbers in the design, as far as one moment can show them. */
export function newInvariants(world: ModelWorld) {
  let atCrash = new Map<string, UnfinishedCall>();
  let checkedRecords = 0;

  const sessionOf = (view: DeviceView) => view.device.session?.id ?? "";
  const calls = () => [...world.journal.live.values()];

  function afterStep(actor: DeviceView): void {
    const { scenario, journal } = world;
    if (actor.isLegacy) closeUntold(actor);
    noteWinners();
    assert.deepEqual(scenario.failures, []);
    assert.deepEqual(scenario.node.faults, []);
    assert.deepEqual(
      world.views.flatMap((view) => view.faults),
      [],
    );
    assert.deepEqual(journal.resurrected, [], "8: an ended call changed");
    assert.equal(scenario.node.engine.activeCalls, journal.live.size);
    checkLocks();
    checkTime(world);
    checkRecords();
    checkWinners();
    for (const view of world.views) {
      checkScreens(view);
      if (view.isLegacy) checkOneCall(view, calls());
    }
    checkArrivals();
    for (const call of calls()) if (isAnswered(call)) checkCandidates(call);
  }

  /** 9: while both sides are there, nothing of what one sent is still missing at the other. */
  function checkCandidates(call: AnsweredCall): void {
    const [caller, callee] = [call.callerLeg, call.calleeLeg].map(({ session }) => {
      return world.views.find((view) => sessionOf(view) === session && view.device.isOnline && !view.isLegacy);
    });
    const [toCaller, toCallee] = [caller?.screens.get(call.id), callee?.screens.get(call.id)];
    if (!caller || !callee || !toCaller || !toCallee || toCaller.hasGap || toCallee.hasGap) return;
    const [own, other] = [caller.device.label, callee.device.label];
    assert.equal(toCallee.newest.get(own) ?? 0, world.sentCandidates(call.id, own), `9: ${own}'s candidates`);
    // What the callee sent before its answer may have belonged to an attempt that was given up.
    const newest = toCaller.newest.get(other);
    if (newest !== undefined) assert.equal(newest, world.sentCandidates(call.id, other), `9: ${other}'s candidates`);
    else assert.equal(call.calleeCandidates.length, 0, `9: ${other}'s held candidates`);
  }

  /** An answer may have gone out with the queue of a client that came back. */
  function noteWinners(): void {
    for (const call of calls()) {
      if (!isAnswered(call)) continue;
      world.views.find((view) => sessionOf(view) === call.calleeLeg.session)?.answered(call.id);
    }
  }

  /** 1 and 7. */
  function checkLocks(): void {
    const live = new Map<string, string>();
    const pairs = new Set<string>();
    for (const call of calls()) {
      for (const user of isAnswered(call) ? [call.caller, call.callee] : [call.caller]) {
        assert.ok(!live.has(user), `1: ${user} is in ${live.get(user)} and ${call.id}`);
        live.set(user, call.id);
      }
      const pair = [call.caller, call.callee].sort().join();
      assert.ok(!pairs.has(pair), `7: two calls of ${pair}`);
      pairs.add(pair);
    }
    for (const user of ["ann", "bob", "cleo"]) {
      assert.equal(world.scenario.node.engine.presenceOf(user).inCall, live.has(user), `1: the lock of ${user}`);
    }
    for (const call of calls()) {
      if (!isRinging(call)) continue;
      // One whose own side is away may be rung elsewhere.
      const own = calls().find(({ id }) => id === live.get(call.callee));
      const isAway = own !== undefined && isAnswered(own) && lostLegOf(own, call.callee) !== undefined;
      assert.ok(own === undefined || isAway, `${call.callee} has a live call and is rung`);
    }
  }

  /** 2 and 3. */
  function checkRecords(): void {
    const { records } = world.journal;
    for (const record of records.slice(checkedRecords)) {
      const others = records.filter((other) => other.callId === record.callId);
      assert.equal(others.length, 1, `2: ${record.callId} has two records`);
      assert.ok(record.answeredAtMs !== undefined || record.durationSec === 0, "3: a duration without an answer");
      assert.ok(record.endedAtMs >= record.createdAtMs && record.durationSec >= 0, "3: times");
      assert.equal(record.calleeDevice !== undefined, record.answeredAtMs !== undefined, "4: winners");
    }
    checkedRecords = records.length;
  }

  /** 4 and 5: all that reached a party's screen came from one device of the other side, and that one is bound. */
  function checkWinners(): void {
    for (const view of world.views) {
      for (const [callId, screen] of view.screens) {
        assert.ok(
          screen.heardFrom.size <= 1,
          `5: ${view.device.label} heard ${[...screen.heardFrom].join()} in ${callId}`,
        );
        const call = world.journal.live.get(callId);
        const [from] = screen.heardFrom;
        if (!call || from === undefined) continue;
        const leg = screen.role === "callee" ? call.callerLeg : isAnswered(call) ? call.calleeLeg : undefined;
        const sender = world.views.find(({ device }) => device.label === from);
        const isBound =
          leg &&
          sender &&
          (leg.session === sessionOf(sender) || leg.device === leg.session || sameDevice(leg.device, sender));
        assert.ok(isBound, `5: ${from} is not bound in ${callId}`);
      }
    }
  }

  /** 4: whoever is online sees the calls that it is in or asked to, and no other. */
  function checkScreens(view: DeviceView): void {
    if (!view.device.isOnline) return;
    const expected = expectedScreens(view).sort();
    const shown = [...view.screens.keys()].sort();
    // One that reads no ids may leave more screens than it has to; it must never be left with a dead one.
    const needed = view.isLegacy ? expected.filter((callId) => shown.includes(callId)) : expected;
    assert.deepEqual(shown, needed, `4: ${view.device.label}'s screen`);
  }

  function expectedScreens(view: DeviceView): string[] {
    const session = sessionOf(view);
    return calls()
      .filter((call) => {
        if (call.callerLeg.session === session) return true;
        if (isAnswered(call)) return call.calleeLeg.session === session;
        const isWaiting = call.reserved?.session === session && call.reserved.offerAtMs !== undefined;
        return !isWaiting && isShownOn(call, session);
      })
      .map(({ id }) => id);
  }

  /** 10. */
  function checkArrivals(): void {
    for (const call of calls()) {
      if (!isRinging(call) || call.reserved) continue;
      for (const view of world.views) {
        if (view.device.user !== call.callee || !view.device.isOnline) continue;
        const isThere = call.offered.some((one) => {
          return one.session === sessionOf(view) || (one.standing === "stopped" && sameDevice(one.device, view));
        });
        assert.ok(isThere, `10: ${view.device.label} is online and not asked for ${call.id}`);
      }
    }
  }

  /** A client that shows one call leaves its screen by itself, and is not told of what that brought about. */
  function closeUntold(view: DeviceView): void {
    if (!view.device.isOnline) return;
    const expected = expectedScreens(view);
    for (const callId of view.screens.keys()) if (!expected.includes(callId)) view.screens.delete(callId);
  }

  function beforeRestart(): void {
    atCrash = new Map(world.journal.live);
  }

  /** 11. */
  function afterRestart(): void {
    for (const [callId, before] of atCrash) {
      const now: Call | undefined = world.journal.live.get(callId);
      if (!now) {
        const reason = world.journal.ended.get(callId) ?? "nothing";
        const allowed = isAnswered(before)
          ? ["connect_failed", "max_duration"]
          : ["no_answer", "unreachable", "cancelled"];
        assert.ok(allowed.includes(reason), `11: ${callId} was ${before.state} and ended ${reason}`);
      } else if (isAnswered(before)) assert.equal(now.state, "reconnecting", `11: ${callId}`);
      else assert.equal(now.state, before.state, `11: ${callId}`);
    }
    assert.deepEqual(
      [...world.journal.live.keys()].filter((callId) => !atCrash.has(callId)),
      [],
      "11: a call came out of nowhere",
    );
  }

  /** 3 and 13. */
  function atEnd(): void {
    const { scenario, journal } = world;
    const { node } = scenario;
    assert.equal(node.engine.activeCalls, 0, "13: calls");
    assert.equal(journal.live.size, 0, "13: calls in the journal");
    assert.equal(node.engine.onlineUsers, 0, "13: sessions");
    for (const user of ["ann", "bob", "cleo"]) {
      assert.deepEqual(node.engine.presenceOf(user), { online: false, inCall: false }, `13: ${user}`);
    }
    assert.equal(node.pendingTimers, housekeepingTimers, "13: timers");
    node.engine.stop();
    assert.equal(node.pendingTimers, 0, "13: timers after the stop");
    checkRecords();
    for (const view of world.views) checkToldReasons(view, journal.ended);
    for (const view of world.views) for (const record of journal.records) checkToldEnder(view, record);
    assert.deepEqual(
      [...journal.ended.keys()].sort(),
      journal.records.map(({ callId }) => callId).sort(),
      "2: records",
    );
  }

  return { afterStep, beforeRestart, afterRestart, atEnd, closeUntold };
}

/** 3: what a device was told of a whole call is what was recorded; a device that was busy by itself aside. */
function checkToldReasons(view: DeviceView, ended: ReadonlyMap<string, string>): void {
  for (const [callId, told] of view.ends) {
    const reason = ended.get(callId);
    if (told === "answered_elsewhere" || told === "declined_elsewhere" || reason === undefined) continue;
    assert.ok(told === reason || told === "busy", `3: ${view.device.label} was told ${told}, recorded is ${reason}`);
  }
}

/** 3: whose doing a whole call's end was, too; a device that stopped ringing before that was told of its own user. */
function checkToldEnder(view: DeviceView, record: CallRecord): void {
  const told = view.ends.get(record.callId);
  if (view.isLegacy || told === undefined) return;
  const ender = view.enders.get(record.callId);
  const mayStopAlone = told === "busy" || told === "answered_elsewhere" || told === "declined_elsewhere";
  if (mayStopAlone && view.device.user === record.callee && ender === "you") return;
  const expected = endedByTo(view.device.user, { ...record, ender: enderOf(record) }).endedBy;
  assert.equal(ender, expected, `3: whose doing ${told} was, as ${view.device.label} was told`);
}

/** 14: a device that shows one call is offered one at a time, and the next as soon as it shows none. */
function checkOneCall({ device }: DeviceView, calls: readonly UnfinishedCall[]): void {
  const session = device.session?.id;
  if (session === undefined) return;
  const shown = calls.filter((call) => isShownOn(call, session));
  assert.ok(shown.length <= 1, `14: ${device.label} shows ${shown.map(({ id }) => id).join(" and ")}`);
  if (!device.isOnline || shown.length > 0) return;
  const isFor = (one: Offered) => one.session === session && one.standing === "waiting";
  const waiting = calls.find(({ offered }) => offered.some(isFor));
  assert.equal(waiting, undefined, `14: ${device.label} is free, and ${waiting?.id} waits for it`);
}

function sameDevice(device: string, view: DeviceView): boolean {
  if (view.isLegacy) return device === "phone";
  // One that names no device has the id of its first session for a name.
  const { deviceId } = view.device;
  return deviceId === undefined ? device.startsWith("session-") : device === deviceId;
}

/** 2. */
function checkTime({ scenario: { node, clock }, journal, time }: ModelWorld): void {
  time.afterStep();
  const sessions = node.lostSessions + node.askedSessions(clock.steady());
  assert.equal(node.pendingTimers, housekeepingTimers + journal.live.size + sessions, "2: timers");
}
