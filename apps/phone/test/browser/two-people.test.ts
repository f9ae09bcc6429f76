import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  requireService,
  type ServerProcess,
  type SharedBrowser,
  shareChromium,
  spawnServer,
  TcpProxy,
} from "@echoo/testkit";
import { Person } from "./person.ts";

interface HistoryCall {
  readonly callId: string;
  readonly endReason: string;
  readonly endedBy: string;
  readonly status: string;
  readonly direction: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly duration: number;
  readonly hasStats: boolean;
  readonly quality?: { readonly mos: number };
}

describe("two people in two browsers", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: SharedBrowser;
  let numbers = 5_550_100;
  const people: Person[] = [];

  before(async () => {
    server = await spawnServer();
    browser = await shareChromium();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const somebody = async (name: string, url = server.url): Promise<Person> => {
    numbers += 1;
    const person = await Person.signIn(browser, `${url}/`, String(numbers), name);
    people.push(person);
    return person;
  };

  const history = async (number: string): Promise<HistoryCall[]> => {
    const response = await fetch(`${server.url}/api/calls/${number}`);
    return ((await response.json()) as { calls: HistoryCall[] }).calls;
  };

  /** The newest call of a history, once it is there. */
  const newest = async (number: string, isReady: (call: HistoryCall) => boolean = () => true): Promise<HistoryCall> => {
    const calls = await server.stored(
      () => history(number),
      ([call]) => call !== undefined && isReady(call),
    );
    return calls[0] as HistoryCall;
  };

  const answered = async (ann: Person, bob: Person): Promise<void> => {
    await ann.dial(bob.number);
    await bob.waitFor("incoming");
    await ann.sees("call-state", "ringing");
    await bob.click("accept");
    await ann.sees("call-state", "connected");
    await bob.sees("call-state", "connected");
  };

  test("call each other with sound and picture, lose a network for 5 s, hang up, and find the call", async (t) => {
    const proxy = await TcpProxy.start(server.port);
    t.after(() => proxy.close());
    const ann = await somebody("Ann");
    const bob = await somebody("Bob", `http://127.0.0.1:${proxy.port}`);
    await answered(ann, bob);
    await Promise.all([ann.seesFrames(20), bob.seesFrames(20)]);

    proxy.refuse();
    proxy.cut();
    await ann.sees("call-state", "reconnecting");
    // The media goes from browser to browser, and does not care: 120 pictures are at least 5 s.
    await Promise.all([ann.seesFrames(120), bob.seesFrames(120)]);
    proxy.heal();
    await ann.sees("call-state", "connected");
    await bob.sees("status", "online");
    await Promise.all([ann.seesFrames(20), bob.seesFrames(20)]);
    await ann.waitFor("quality");

    await bob.click("hangup");
    await ann.sees("call-state", "ended");
    await ann.waitFor("end-reason");
    const [annCall, bobCall] = [await newest(ann.number, hasQuality), await newest(bob.number, hasQuality)];
    assert.equal(annCall.callId, bobCall.callId);
    assert.deepEqual(outcome(annCall), outcome(bobCall));
    assert.equal(annCall.endReason, "hangup");
    assert.deepEqual([annCall.endedBy, bobCall.endedBy], ["peer", "you"]);
    assert.ok(annCall.duration >= 1, `duration ${annCall.duration}`);
    assert.deepEqual([annCall.direction, bobCall.direction], ["outgoing", "incoming"]);
    assert.deepEqual([...ann.problems, ...bob.problems.filter((line) => !/WebSocket|net::ERR_/.test(line))], []);
    await ann.close();
    await bob.close();
  });

  test("a declined call says so to the caller, and both histories have it", async () => {
    const [ann, bob] = [await somebody("Ann"), await somebody("Bob")];
    await ann.dial(bob.number);
    await bob.waitFor("incoming");
    await bob.click("decline");
    await ann.sees("call-state", "ended");
    await ann.waitFor("end-reason");
    const [annCall, bobCall] = [await newest(ann.number), await newest(bob.number)];
    assert.equal(annCall.callId, bobCall.callId);
    assert.deepEqual([annCall.status, annCall.endReason, bobCall.endReason], ["rejected", "declined", "declined"]);
    await ann.close();
    await bob.close();
  });

  test("a call that its caller gives up is a missed call for the other, counted in the title", async () => {
    const [ann, bob] = [await somebody("Ann"), await somebody("Bob")];
    await ann.dial(bob.number, "call-audio");
    await bob.waitFor("incoming");
    await ann.click("hangup");
    await bob.page.getByTestId("incoming").waitFor({ state: "detached" });
    const call = await newest(bob.number);
    assert.deepEqual([call.status, call.endReason], ["missed", "cancelled"]);
    await bob.waitFor("recent");
    await ann.close();
    await bob.close();
  });

  test("a third caller hears busy, and the running call goes on", async () => {
    const [ann, bob, cat] = [await somebody("Ann"), await somebody("Bob"), await somebody("Cat")];
    await answered(ann, bob);
    await cat.dial(bob.number);
    await cat.sees("call-state", "ended");
    const call = await newest(cat.number);
    assert.equal(call.endReason, "busy");
    await Promise.all([ann.seesFrames(10), bob.seesFrames(10)]);
    await ann.click("hangup");
    await bob.sees("call-state", "ended");
    for (const person of [ann, bob, cat]) await person.close();
  });

  test("two people who dial each other at once get one call", async () => {
    const [ann, bob] = [await somebody("Ann"), await somebody("Bob")];
    await Promise.all([ann.dial(bob.number), bob.dial(ann.number)]);
    await Promise.all([ann.sees("call-state", "connected"), bob.sees("call-state", "connected")]);
    await Promise.all([ann.seesFrames(10), bob.seesFrames(10)]);
    await bob.click("hangup");
    await ann.sees("call-state", "ended");
    const call = await newest(ann.number);
    assert.equal((await newest(bob.number)).callId, call.callId);
    assert.equal((await history(ann.number)).length, 1);
    await ann.close();
    await bob.close();
  });

  test("alone, one calls echo and sees oneself", async () => {
    const ann = await somebody("Ann");
    await ann.dial("echo");
    await ann.sees("call-state", "connected");
    await ann.seesFrames(10);
    await ann.click("hangup");
    await ann.sees("call-state", "ended");
    assert.deepEqual(ann.problems, []);
    await ann.close();
  });
});

function hasQuality(call: HistoryCall): boolean {
  return call.hasStats && call.quality !== undefined;
}

/** What both sides have alike. A verdict is made anew when more of a call is known, maybe between two looks. */
function outcome(call: HistoryCall) {
  const own = { direction: undefined, endedBy: undefined, peer: undefined, quality: undefined, seen: undefined };
  return { ...call, ...own, verdict: undefined };
}
