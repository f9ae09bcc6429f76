import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { Refusal } from "@echoo/protocol";
import { FakeClock, randomCode, randomSecret } from "@echoo/testkit";
import type { ClientAddress } from "../../src/addresses/client-address.ts";
import type { MakeLimit } from "../../src/limits/limit.ts";
import { createSlidingWindow } from "../../src/limits/sliding-window.ts";
import { createCodes } from "../../src/registration/codes.ts";
import { temporaryStore } from "../temporary-store.ts";

/** Codes over a real store; only time is scripted. `home` is where a token of every number was used lately. */
export function codesSetUp(t: TestContext, home?: string) {
  const clock = new FakeClock();
  const store = temporaryStore(t);
  const makeLimit: MakeLimit = (rule) => createSlidingWindow(clock, rule, 10_000);
  const isKnown = async (_userId: string, { address }: ClientAddress) => address === home;
  const chance = { randomCode, randomSecret };
  const handed = { take: async () => undefined };
  const deps = { store: store.codes, clock, key: "k".repeat(32), makeLimit, isKnown, handed, ...chance };
  const codes = createCodes({ ...deps, kind: "sent" });
  return { clock, store, codes, developmentCodes: createCodes({ ...deps, kind: "development" }) };
}

export function from(address: string): ClientAddress {
  return { address, vouches: true };
}

/** The n-th of some thousands. */
export function someAddress(n: number): string {
  return `198.18.${Math.floor(n / 250)}.${(n % 250) + 1}`;
}

export async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const thrown = await work.then(
    () => assert.fail("it was not refused"),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof Refusal, String(thrown));
  return thrown;
}

export function wrong(code: string): string {
  return code === "000000" ? "000001" : "000000";
}
