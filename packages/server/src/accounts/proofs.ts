import type { Clock, Store } from "@echoo/core";
import type { CodeGateway } from "./code-gateway.ts";
import { createCodes, type OneTimeCodes } from "./codes.ts";
import { createInvitations, type Invitations } from "./invitations.ts";
import type { Limit, MakeLimit } from "./limit.ts";
import { createSlidingWindow } from "./sliding-window.ts";

const hourMs = 3_600_000;
const maxLimitedKeys = 100_000;

/** How people prove that a number is theirs. */
export interface Proofs {
  readonly codes: OneTimeCodes;
  /** What codes are sent through; absent where they prove nothing and come back at once. */
  readonly gateway: CodeGateway | undefined;
  readonly invitations: Invitations;
  /** How often an address may be told that a number is taken. */
  readonly takenNumbers: Limit;
}

export interface ProofDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The server's own secret. */
  readonly secret: string;
  readonly randomSecret: () => string;
  readonly randomCode: () => string;
  readonly gateway?: CodeGateway | undefined;
}

export function createProofs({ store, clock, secret, randomSecret, randomCode, gateway }: ProofDeps): Proofs {
  const makeLimit: MakeLimit = (rule) => createSlidingWindow(clock, rule, maxLimitedKeys);
  const kind = gateway === undefined ? "development" : "sent";
  return {
    codes: createCodes({ store: store.codes, clock, key: secret, kind, makeLimit, randomCode }),
    gateway,
    invitations: createInvitations({ store: store.invitations, users: store.users, clock, secret, randomSecret }),
    takenNumbers: makeLimit({ name: "invitations:taken", max: 20, windowMs: hourMs }),
  };
}
