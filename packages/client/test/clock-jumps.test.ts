import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { ReconnectSchedule } from "../src/connection/reconnect-schedule.ts";
import { IceServers } from "../src/peer/ice-servers.ts";
import { systemEntropy } from "../src/platform.ts";
import { connected } from "./two-sides.ts";

const hourMs = 3_600_000;

for (const jumpMs of [-5 * hourMs, 5 * hourMs]) {
  describe(`a clock on the device that is set by ${jumpMs / hourMs} h`, () => {
    it("changes no length of a call", async () => {
      const { clock, annCall, bobCall, board } = await connected();
      const startedAtMs = annCall.startedAtMs ?? 0;
      clock.advance(10_000);
      clock.jump(jumpMs);
      assert.equal(annCall.durationMs, 10_000);
      clock.advance(5_000);
      annCall.hangUp();
      await board.settle();
      clock.advance(5_000);
      for (const call of [annCall, bobCall]) {
        assert.equal(call.durationMs, 15_000);
        assert.equal(call.endedAtMs, startedAtMs + 15_000);
      }
    });

    it("takes no sample of a call out of its order", async () => {
      const { clock, annCall, board } = await connected();
      for (let samples = 0; samples < 6; samples += 1) {
        clock.advance(2_000);
        if (samples === 2) clock.jump(jumpMs);
        await board.settle();
      }
      const times = annCall.samples.map(({ t }) => t);
      const gaps = times.slice(1).map((t, i) => t - (times[i] ?? 0));
      assert.ok(gaps.length >= 5);
      assert.deepEqual([...new Set(gaps)], [2_000]);
    });

    it("neither shortens the wait that the server asked for nor lengthens it", () => {
      const clock = new FakeClock();
      const schedule = new ReconnectSchedule({
        clock,
        entropy: systemEntropy,
        policy: { delayMs: () => 1 },
        inCall: () => false,
      });
      schedule.joined();
      schedule.hint(20_000);
      clock.advance(5_000);
      clock.jump(jumpMs);
      assert.equal(schedule.next(4429), 15_000);
    });

    it("renews the credentials of TURN when they are about to end, and not before", async () => {
      const clock = new FakeClock();
      let asked = 0;
      const askForCredentials = () => {
        asked += 1;
        return false;
      };
      const servers = new IceServers({ clock, own: [], policy: undefined, askForCredentials });
      const username = `${(clock.now() + hourMs) / 1000}:ann`;
      servers.joined({
        time: clock.now(),
        iceServers: [{ urls: ["turn:turn.example.org"], username, credential: "c" }],
      });
      clock.jump(jumpMs);
      clock.advance(54 * 60_000);
      await servers.configuration(false);
      assert.equal(asked, 0);
      clock.advance(60_001);
      await servers.configuration(false);
      assert.equal(asked, 1);
    });
  });
}
