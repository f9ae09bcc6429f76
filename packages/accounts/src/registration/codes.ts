import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, Codes as CodeStore, Instant, PendingCode } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { type ClientAddress, countKey } from "../addresses/client-address.ts";
import { createCodeBudget } from "../limits/code-budget.ts";
import type { MakeLimit } from "../limits/limit.ts";
import { createOneAtATime } from "../limits/one-at-a-time.ts";
import { giveBackAll } from "../limits/take-all.ts";
import type { HandedCodes, InvitedCode } from "./handed-codes.ts";

const codeMs = 5 * 60_000;
const resendMs = 30_000;
/** What was made as something else, such as a development code, does not pass for a code that was sent. */
type CodeKind = "development" | "sent" | "invited";

/** Stands where the client that asked is named: a code of an invitation was asked for by none. */
const invitedAsker = "invitation";

/** Of a number by its invitation: the code and the link are good once together. */
export interface CodeInvitation {
  readonly id: string;
  readonly expiresAtMs: Instant;
}

export const codeLimits = {
  expiresInSec: codeMs / 1000,
  /** Of the client that asked for the code. */
  tries: 3,
  /** Of all other clients together: a phone changes its address between asking and answering. */
  othersTries: 2,
  /** Of one number at once; one more, and the oldest goes. The budget leaves room for fewer. */
  pendingOfNumber: 32,
} as const;

/** Who shows a code. */
interface CodeBearer {
  readonly client: ClientAddress;
  /** What they were given with the code, where they have it: it tells them from others wherever they come from. */
  readonly challenge?: string | undefined;
}

interface MadeCode {
  readonly code: string;
  /** Known to the client that asked alone. */
  readonly challenge: string;
  /** The code was not delivered: it counts no more, and the next one may come at once. */
  withdraw(): Promise<void>;
}

export interface OneTimeCodes {
  readonly expiresInSec: number;
  /**
   * Makes a code for a number, in place of the one that the same client asked for before, and counts it. Refuses with
   * rate_limited; what is refused does not count. Known and unknown numbers are treated alike.
   */
  make(userId: string, client: ClientAddress): Promise<MadeCode>;
  /**
   * Uses the code up. Refuses with wrong_code: wrong, expired, used, out of tries or never made are all the same. The
   * tries of the client that asked are its alone: no other can use them up. The result is the invitation that the code
   * belongs to, where it does.
   */
  redeem(userId: string, code: string, from: CodeBearer): Promise<CodeInvitation | undefined>;
  /** The same for a code of an invitation alone, where no other counts. */
  redeemInvited(userId: string, code: string): Promise<CodeInvitation | undefined>;
  /** Makes a code that belongs to an invitation of this number. No client asked for it, so all share its tries. */
  invite(userId: string, invitation: CodeInvitation): Promise<string>;
  /** Whether a code of an invitation waits for this number. */
  isInvited(userId: string): Promise<boolean>;
  /** Whether a code was sent to this number and waits for its answer. */
  isPending(userId: string): Promise<boolean>;
}

interface CodeDeps {
  readonly store: CodeStore;
  readonly clock: Clock;
  readonly key: string;
  readonly kind: CodeKind;
  readonly makeLimit: MakeLimit;
  readonly randomCode: () => string;
  readonly randomSecret: () => string;
  /** Whether a token of this number was used from there lately. */
  readonly isKnown: (userId: string, client: ClientAddress) => Promise<boolean>;
  /** Codes that a command left for this server. */
  readonly handed: HandedCodes;
}

export function createCodes(deps: CodeDeps): OneTimeCodes {
  const { store, clock, key, kind, makeLimit, randomCode, randomSecret, isKnown } = deps;
  const budget = createCodeBudget(makeLimit, kind === "sent");
  const oneAtATime = createOneAtATime();
  const { keepInvited, takeHanded, triedInvited } = createInvitedCodes(deps, oneAtATime);
  const { hashOf, challengeHash, askerOf } = keyedNames(key, kind);

  async function make(userId: string, client: ClientAddress): Promise<MadeCode> {
    const nowMs = clock.now();
    const named = askerOf(client);
    const ask = { userId, client, asker: named, isKnown: await isKnown(userId, client) };
    const earlier = (await store.list(userId, nowMs)).find(({ asker }) => asker === named);
    const resendInMs = earlier === undefined ? 0 : untilResendMs(earlier, nowMs);
    const counted = resendInMs > 0 ? Math.max(resendInMs, await budget.waitMs(ask)) : await budget.take(ask);
    if (typeof counted === "number") throw new Refusal("rate_limited", { retryInMs: counted });
    const [code, challenge] = [randomCode(), randomSecret()];
    const [hash, asker] = [hashOf(userId, code), named ?? challengeHash(challenge)];
    const times = { sentAtMs: nowMs, expiresAtMs: nowMs + codeMs };
    const tries = { triesLeft: codeLimits.tries, othersTriesLeft: codeLimits.othersTries };
    const pending = { userId, asker, challenge: challengeHash(challenge), hash, ...times, ...tries };
    try {
      await store.put(pending, codeLimits.pendingOfNumber);
    } catch (error) {
      await giveBackAll(counted);
      throw error;
    }
    const withdraw = async () => {
      await giveBackAll(counted);
      await store.consume(userId, asker, hash);
    };
    return { code, challenge, withdraw };
  }

  return {
    expiresInSec: codeLimits.expiresInSec,
    // One after the other: of two requests at once for a number, the second finds the first one's code.
    make: (userId, client) => oneAtATime(userId, () => make(userId, client)),
    async isPending(userId) {
      await takeHanded(userId);
      return (await store.list(userId, clock.now())).length > 0;
    },
    async redeem(userId, code, from) {
      await takeHanded(userId);
      return redeemAmong(deps, userId, code, await tried(deps, userId, from));
    },
    async redeemInvited(userId, code) {
      await takeHanded(userId);
      return redeemAmong(deps, userId, code, await triedInvited(userId));
    },
    async invite(userId, invitation) {
      const code = randomCode();
      await keepInvited(userId, { ...invitation, madeAtMs: clock.now(), hash: codeHash(key, "invited", userId, code) });
      return code;
    },
    async isInvited(userId) {
      await takeHanded(userId);
      return (await store.list(userId, clock.now())).some((each) => isOfInvitation(each));
    },
  };
}

/** Takes one of the client's own tries on the code that it asked for, else one of the shared tries on each code. */
async function tried(
  deps: CodeDeps,
  userId: string,
  { client, challenge }: CodeBearer,
): Promise<readonly PendingCode[]> {
  const { store, clock, key, kind } = deps;
  const { challengeHash, askerOf } = keyedNames(key, kind);
  const nowMs = clock.now();
  const pending = await store.list(userId, nowMs);
  const shown = challenge === undefined ? undefined : challengeHash(challenge);
  const named = askerOf(client);
  const own = pending.find((each) => each.challenge === shown) ?? pending.find(({ asker }) => asker === named);
  const by = own === undefined ? "others" : "asker";
  const tries = (own === undefined ? pending : [own]).map(({ asker }) => store.takeTry(userId, asker, by, nowMs));
  const invited = pending.find((each) => isOfInvitation(each));
  if (own !== undefined && invited !== undefined) tries.push(store.takeTry(userId, invited.asker, "others", nowMs));
  return (await Promise.all(tries)).filter((each) => each !== undefined);
}

async function redeemAmong(
  { store, key, kind }: CodeDeps,
  userId: string,
  code: string,
  waiting: readonly PendingCode[],
) {
  const right = waiting.find((each) => {
    return isSame(codeHash(key, isOfInvitation(each) ? "invited" : kind, userId, code), each.hash);
  });
  const isTheirs = right !== undefined && (await store.consume(userId, right.asker, right.hash));
  if (!isTheirs) throw new Refusal("wrong_code");
  return isOfInvitation(right) ? { id: right.challenge, expiresAtMs: right.expiresAtMs } : undefined;
}

/** Codes that belong to invitations: made here, or by a command beside the server. */
function createInvitedCodes(
  { store, clock, handed }: Pick<CodeDeps, "store" | "clock" | "handed">,
  oneAtATime: ReturnType<typeof createOneAtATime>,
) {
  async function triedInvited(userId: string): Promise<readonly PendingCode[]> {
    const left = await store.takeTry(userId, invitedAsker, "others", clock.now());
    return left === undefined ? [] : [left];
  }

  async function keepInvited(userId: string, { id, expiresAtMs, madeAtMs, hash }: InvitedCode): Promise<void> {
    const times = { sentAtMs: madeAtMs, expiresAtMs };
    const tries = { triesLeft: 0, othersTriesLeft: codeLimits.tries + codeLimits.othersTries };
    const pending = { userId, asker: invitedAsker, challenge: id, hash, ...times, ...tries };
    await store.put(pending, codeLimits.pendingOfNumber);
  }

  /** Of two requests at once no second one puts a code back whose tries were taken. */
  function takeHanded(userId: string): Promise<void> {
    return oneAtATime(`handed ${userId}`, async () => {
      const code = await handed.take(userId);
      if (code !== undefined && code.expiresAtMs > clock.now()) await keepInvited(userId, code);
    });
  }

  return { keepInvited, takeHanded, triedInvited };
}

/** One that was sent in the future was sent before the clock was set back; the limits by the hour hold all the same. */
function untilResendMs({ sentAtMs }: PendingCode, now: Instant): number {
  return sentAtMs > now ? 0 : sentAtMs + resendMs - now;
}

function isOfInvitation({ asker }: PendingCode): boolean {
  return asker === invitedAsker;
}

/** What is stored in place of a code, hex. */
export function codeHash(key: string, kind: CodeKind, userId: string, code: string): string {
  return createHmac("sha256", key).update(["otp", kind, userId, code].join(":")).digest("hex");
}

/** What is stored in place of what its owner alone should know. */
function keyedNames(key: string, kind: CodeKind) {
  const keyed = (...parts: readonly string[]) => createHmac("sha256", key).update(parts.join(":"));
  return {
    hashOf: (userId: string, code: string) => codeHash(key, kind, userId, code),
    challengeHash: (challenge: string) => keyed("challenge", challenge).digest("base64url"),
    /** Undefined where clients share what is known of their address: each of their codes is then by itself. */
    askerOf: (client: ClientAddress) =>
      client.unknown === undefined ? keyed("asker", countKey(client)).digest("base64url") : undefined,
  };
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
