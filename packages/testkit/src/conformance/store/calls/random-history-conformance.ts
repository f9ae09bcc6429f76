import assert from "node:assert/strict";
import { type EndedCall, type HistoryQuery, isShownTo, statusOf } from "@echoo/core";
import { seededRandom } from "../../../seeded-random.ts";
import { endedCall, missedCall, startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";
import { historyIds } from "./read-history.ts";

const userFacts = ["+491", "+492", "+493"];

/** Calls among three people, many at the same time, and what the history should make of them. */
class Model {
  readonly #calls = new Map<string, EndedCall>();
  readonly #hidden = new Set<string>();

  add(call: EndedCall): void {
    if (!this.#calls.has(call.callId)) this.#calls.set(call.callId, call);
  }

  hide(viewer: string, callId: string): boolean {
    const call = this.#calls.get(callId);
    const isShown = call !== undefined && isShownTo(call, viewer);
    if (isShown) this.#hidden.add(`${viewer} ${callId}`);
    return isShown;
  }

  ids({ viewer, direction, status, sinceMs = 0, untilMs = Number.MAX_SAFE_INTEGER }: HistoryQuery): string[] {
    return [...this.#calls.values()]
      .filter((call) => isShownTo(call, viewer) && !this.#hidden.has(`${viewer} ${call.callId}`))
      .filter((call) => direction === undefined || (call.caller === viewer) === (direction === "outgoing"))
      .filter((call) => status === undefined || statusOf(call) === status)
      .filter((call) => call.createdAtMs >= sinceMs && call.createdAtMs < untilMs)
      .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.callId < b.callId ? 1 : -1))
      .map((call) => call.callId);
  }
}

export function randomHistoryConformance(check: StoreCase): void {
  for (const seed of [1, 2, 3]) {
    check(`the pages of a random history, put together, are the model's (seed ${seed})`, async ({ calls }) => {
      const random = seededRandom(seed);
      const upTo = (n: number) => Math.floor(random() * n);
      const pick = <T>(...from: readonly [T, ...T[]]): T => from[upTo(from.length)] ?? from[0];
      const model = new Model();
      for (let step = 0; step < 150; step++) {
        const [caller = "", callee = ""] = userFacts.slice().sort(() => random() - 0.5);
        const make = pick(endedCall, missedCall);
        const call = make(`call ${upTo(120)}`, {
          caller,
          callee,
          createdAtMs: startMs + upTo(20),
          ...(random() < 0.1 ? { callerOnly: true as const } : {}),
        });
        if (random() < 0.8) {
          await calls.record([call]);
          model.add(call);
        } else {
          assert.equal(await calls.hide(caller, call.callId), model.hide(caller, call.callId));
        }
      }
      for (const viewer of userFacts) {
        for (let i = 0; i < 12; i++) {
          const query: HistoryQuery = {
            viewer,
            limit: 1 + upTo(7),
            ...(random() < 0.4 ? { direction: pick("incoming", "outgoing") } : {}),
            ...(random() < 0.4 ? { status: pick("completed", "missed") } : {}),
            ...(random() < 0.4 ? { sinceMs: startMs + upTo(20) } : {}),
            ...(random() < 0.4 ? { untilMs: startMs + upTo(20) } : {}),
          };
          assert.deepEqual(await historyIds(calls, viewer, query), model.ids(query), JSON.stringify(query));
        }
      }
    });
  }
}
