import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveNews, untoldNewsMax } from "../../../src/engine/cluster/live-news.ts";
import type { Cluster } from "../../../src/ports/cluster/cluster.ts";

test("news that cannot be told are told later, so many of them: with one more the oldest is forgotten", async () => {
  const told: string[] = [];
  let isAway = true;
  const tellAll = async (_node: string, text: string) => {
    if (isAway) throw new Error("away");
    told.push(text);
    return { code: "ok" as const };
  };
  const news = new LiveNews({ node: "n1", scripts: { tellAll } } as unknown as Cluster);
  for (let at = 0; at <= untoldNewsMax; at += 1) news.tell({ what: "tokenRevoked", id: `t${at}` });
  await new Promise((resolve) => setImmediate(resolve));
  isAway = false;
  news.flush();
  assert.equal(told.length, untoldNewsMax);
  assert.deepEqual(JSON.parse(told[0] ?? ""), { kind: "news", news: { what: "tokenRevoked", id: "t1" } });
});
