import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type {
  SharedAddresses,
  SharedLimit,
  SharedLimits,
  SharedMemory,
  SharedStrangers,
  SharedTrust,
  SharedWithdrawals,
} from "@echoo/core";
import { type RedisCommand, runScript } from "../redis/run-script.ts";
import type { ScriptText } from "../redis/script-texts.ts";
import { type SharedBounds, sharedBounds, sharedDayMs } from "./shared-bounds.ts";

type Step = "limit" | "ask-about" | "note-use" | "uses" | "withdraw" | "withdrawn";

/** The shared memory in Redis or Valkey: each step one script, by whatever sends commands. */
export class RedisSharedMemory implements Omit<SharedMemory, "onBack"> {
  readonly limits: SharedLimits;
  readonly strangers: SharedStrangers;
  readonly addresses: SharedAddresses;
  readonly withdrawals: SharedWithdrawals;
  readonly trust: SharedTrust;

  constructor(prefix: string, command: RedisCommand, most: SharedBounds = sharedBounds) {
    const run = (step: Step, ...args: readonly (string | number)[]) =>
      runScript(command, textOf(step), [prefix, ...args.map(String)]);
    const limit = async (what: string, { name, max, windowMs }: SharedLimit, key: string) =>
      (await run("limit", what, name, key, max, windowMs, most.limitedKeysMax)) as [count: number, waitMs: number];
    this.limits = {
      async look(rule, key) {
        const [count, waitMs] = await limit("look", rule, key);
        return { count, waitMs };
      },
      take: async (rule, key) => (await limit("take", rule, key))[1],
      giveBack: async (rule, key) => void (await limit("giveBack", rule, key)),
    };
    this.strangers = {
      async ask(user, about, perDay) {
        const reply = (await run("ask-about", user, about, perDay, most.askersMax)) as [number, number, number, number];
        const [allowed, count, day, dayLeftMs] = reply;
        return { isAllowed: allowed === 1, count, day, dayLeftMs };
      },
    };
    this.addresses = {
      noteUse: async (user, address, { id, token, agoMs }, tokensMax) =>
        void (await run("note-use", user, address, id, token, agoMs, tokensMax, most.addressesPerUserMax)),
      async uses(user, address) {
        const found = (await run("uses", user, address)) as [agoMs: number, token: string][];
        return found.map(([agoMs, token]) => ({ agoMs, token }));
      },
    };
    this.withdrawals = {
      withdraw: async (name, rememberedMs) => void (await run("withdraw", name, rememberedMs, most.withdrawnMax)),
      withdrawnAgoMs: async (names) =>
        ((await run("withdrawn", ...names)) as number[]).map((agoMs) => (agoMs < 0 ? undefined : agoMs)),
    };
    this.trust = {
      sawProxy: async () => void (await command(["SET", `${prefix}trust`, "lost", "PX", String(sharedDayMs)])),
      wasProxySeen: async () => (await command(["EXISTS", `${prefix}trust`])) === 1,
    };
  }
}

const known = new Map<Step, ScriptText>();

function textOf(step: Step): ScriptText {
  const found = known.get(step);
  if (found) return found;
  const parts = ["prelude", step].map((file) => readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), "utf8"));
  const text = parts.join("\n");
  const script = { text, sha: createHash("sha1").update(text).digest("hex") };
  known.set(step, script);
  return script;
}
