import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ClusterCalls, mergedMax } from "../../../src/engine/cluster/cluster-calls.ts";
import type { ClusterContext } from "../../../src/engine/cluster/cluster-context.ts";
import { ForeignCalls, foreignCallsMax } from "../../../src/engine/cluster/foreign-calls.ts";
import { ForwardedInputs, forwardedInputsMax } from "../../../src/engine/cluster/forwarded-inputs.ts";
import { type HomeCall, takenInputsMax } from "../../../src/engine/cluster/homes/home-call.ts";
import { takesIn } from "../../../src/engine/cluster/homes/home-decisions.ts";
import { gatedMax, VersionGate } from "../../../src/engine/cluster/version-gate.ts";

describe("what a node remembers of calls elsewhere", () => {
  test("is so many calls, and of one more it forgets the oldest without a session here", () => {
    const foreign = new ForeignCalls();
    foreign.learn("held", "n2", 1);
    foreign.takesPart("held", "n1.s1", "leg");
    for (let at = 0; at < foreignCallsMax; at += 1) foreign.learn(`c${at}`, "n2", 1);
    assert.equal(foreign.get("c0"), undefined);
    assert.deepEqual([foreign.get("held")?.home, foreign.get("c1")?.home], ["n2", "n2"]);
  });

  test("is the newest home that it has heard of", () => {
    const foreign = new ForeignCalls();
    foreign.learn("c1", "n2", 2);
    foreign.learn("c1", "n3", 1);
    assert.equal(foreign.get("c1")?.home, "n2");
    foreign.learn("c1", "n3", 3);
    assert.equal(foreign.get("c1")?.home, "n3");
  });

  test("is so many inputs that nobody has taken in, and one more is refused", () => {
    const inputs = new ForwardedInputs();
    const request = { type: "takeBack", session: "n1.s1" } as const;
    for (let at = 0; at < forwardedInputsMax; at += 1) assert.ok(inputs.add("c1", request, 0));
    assert.equal(inputs.add("c1", request, 0), undefined);
    inputs.remove("i1");
    assert.ok(inputs.add("c1", request, 0));
  });

  test("is the version that each session was told of, and of one too many it forgets the oldest", () => {
    const gate = new VersionGate();
    assert.equal(gate.passes("c1", "s1", 2, 5), true);
    assert.equal(gate.passes("c1", "s1", 2, 5), true);
    assert.equal(gate.passes("c1", "s1", 2, 4), false);
    assert.equal(gate.passes("c1", "s1", 1, 9), false);
    assert.equal(gate.passes("c1", "s2", 1, 1), true);
    for (let at = 0; at < gatedMax; at += 1) gate.passes("c2", `s${at}`, 1, 1);
    assert.equal(gate.passes("c1", "s1", 1, 1), true);
  });

  test("is so many attempts that were merged into calls elsewhere, and of one more it forgets the oldest", () => {
    const calls = new ClusterCalls({ calls: new Map() } as unknown as ClusterContext);
    for (let at = 0; at <= mergedMax; at += 1) calls.merged(`attempt ${at}`, `c${at}`);
    const meant = ["attempt 0", "attempt 1", `attempt ${mergedMax}`].map((id) => calls.idOf(id));
    assert.deepEqual(meant, ["attempt 0", "c1", `c${mergedMax}`]);
  });

  test("is so many forwarded inputs of a call that were taken in, and of one more it forgets the oldest", () => {
    const home = { taken: new Set<string>() } as unknown as HomeCall;
    const takes = (at: number) => takesIn(home, { from: "n2", inputId: `i${at}` });
    for (let at = 0; at < takenInputsMax; at += 1) assert.equal(takes(at), true);
    assert.equal(takes(0), false);
    assert.equal(takes(takenInputsMax), true);
    assert.deepEqual([takes(takenInputsMax), takes(1), takes(0)], [false, false, true]);
  });
});
