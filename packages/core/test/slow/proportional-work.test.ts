import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { countSteps } from "./steps/count-steps.ts";
import { Crowd } from "./steps/crowd.ts";

/** What is done once for each of a crowd, in a crowd of so many. */
const [few, many] = [100, 2_000];
/** Steps a piece may differ between the two by so much: what is done once a turn weighs more among few. */
const alike = 1.02;

interface Work {
  readonly what: string;
  /** Prepares a crowd of so many calls; the result is what is counted. */
  readonly prepare: (calls: number) => Promise<() => void | Promise<void>>;
}

/** Something that happens to each call of a crowd within one turn. */
const eachOfACrowd: readonly Work[] = [
  {
    what: "a restart brings back",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      await crowd.talk();
      return () => crowd.scenario.restart();
    },
  },
  {
    what: "offers of one turn make",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      return async () => {
        for (let at = 0; at < calls; at += 1) await crowd.offers(at, calls + at);
        crowd.endTurn();
      };
    },
  },
  {
    what: "offers to one user within one turn make",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls + 1);
      return async () => {
        for (let at = 0; at < calls; at += 1) await crowd.offers(at, calls);
        crowd.endTurn();
      };
    },
  },
  {
    what: "the answer of somebody whom everybody rings ends",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls + 1);
      const ids: string[] = [];
      for (let at = 0; at < calls; at += 1) ids.push(await crowd.offers(at, calls));
      crowd.endTurn();
      return () => {
        crowd.answers(calls, ids[0] ?? "");
        crowd.endTurn();
      };
    },
  },
  {
    what: "sockets that are lost within one turn interrupt",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      await crowd.talk();
      return () => {
        for (const { session, link } of crowd.members) crowd.engine.linkLost(session, link, 0);
        crowd.endTurn();
      };
    },
  },
  {
    what: "hangups of one turn end",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      const ids = await crowd.talk();
      return () => {
        for (const [at, id] of ids.entries()) crowd.hangsUp(at, id);
        crowd.endTurn();
      };
    },
  },
  {
    what: "a node that drains says good-bye in",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      await crowd.talk();
      return () => crowd.engine.drain(() => 1_000);
    },
  },
];

/** Something that happens to one user or one call, while there is a crowd of others. */
const oneAmongOthers: readonly Work[] = [
  {
    what: "revoking a token",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      await crowd.talk();
      return () => crowd.engine.tokenRevoked("token0");
    },
  },
  {
    what: "revoking a token that nobody is here by",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      await crowd.talk();
      return () => crowd.engine.tokenRevoked("another");
    },
  },
  {
    what: "logging a user out",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      await crowd.talk();
      return () => crowd.engine.userLoggedOut("user0");
    },
  },
  {
    what: "proving a number",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      await crowd.talk();
      return () => crowd.engine.numberProven("user0");
    },
  },
  {
    what: "erasing an account",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls * 2);
      await crowd.talk();
      return () => crowd.engine.userErased("user0", "deleted:1");
    },
  },
  {
    what: "the end of a call among sessions that are here for their calls alone",
    prepare: async (calls) => {
      const expired = (atMs: number) => ({ expiry: { atMs, sparesCalls: true } });
      const crowd = new Crowd();
      const atMs = crowd.scenario.clock.now() + 1_000;
      for (let at = 0; at < calls * 2; at += 1) await crowd.join(`user${at}`, expired(atMs));
      const ids = await crowd.talk();
      crowd.scenario.clock.advance(1_000);
      return () => {
        crowd.hangsUp(1, ids[1] ?? "");
        crowd.endTurn();
      };
    },
  },
  {
    what: "the join of somebody who had many calls",
    prepare: async (calls) => {
      const crowd = await Crowd.of(2);
      for (let at = 0; at < calls + 1_000; at += 1) {
        crowd.hangsUp(0, await crowd.offers(0, 1, at));
        crowd.endTurn();
      }
      return async () => void (await crowd.join("user0"));
    },
  },
  {
    what: "a message about a call among everybody's who rings the same user",
    prepare: async (calls) => {
      const crowd = await Crowd.of(calls + 1);
      for (let at = 0; at < calls; at += 1) await crowd.offers(at, calls);
      crowd.endTurn();
      return async () => {
        await crowd.engine.receive(crowd.at(calls).session, { type: "candidate", to: "user0", candidate: null });
        crowd.endTurn();
      };
    },
  },
];

describe("what the engine does for one call is the same whatever there is besides", () => {
  for (const { what, prepare } of eachOfACrowd) {
    test(`${what} each call of ${many} in as many steps as each of ${few}`, async (t) => {
      const [among, amid] = [await stepsOf(prepare, few), await stepsOf(prepare, many)].map((steps, at) => {
        return steps / (at === 0 ? few : many);
      });
      t.diagnostic(`steps a call: ${among} among ${few}, ${amid} among ${many}`);
      assert.ok(among !== undefined && amid !== undefined && among > 1 && amid <= among * alike, `${among}, ${amid}`);
    });
  }

  for (const { what, prepare } of oneAmongOthers) {
    test(`${what} takes as many steps among ${many} calls as among ${few}`, async (t) => {
      const [among, amid] = [await stepsOf(prepare, few), await stepsOf(prepare, many)];
      t.diagnostic(`steps: ${among} among ${few}, ${amid} among ${many}`);
      assert.ok(among > 1 && amid <= among * alike, `${among}, ${amid}`);
    });
  }
});

async function stepsOf(prepare: Work["prepare"], calls: number): Promise<number> {
  return countSteps(await prepare(calls));
}
