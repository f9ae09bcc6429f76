import type { Clock, SharedMemory, Store } from "@echoo/core";
import type { ClientAddress } from "../addresses/client-address.ts";
import { type ClientLimit, createClientLimit } from "../limits/client-limit.ts";
import type { Limit, MakeLimit } from "../limits/limit.ts";
import { sharedLimits } from "../limits/shared-limits.ts";
import { createSlidingWindow } from "../limits/sliding-window.ts";
import type { CodeGateway } from "./code-gateway.ts";
import { createCodes, type OneTimeCodes } from "./codes.ts";
import type { HandedCodes } from "./handed-codes.ts";
import { createInvitations, type Invitations } from "./invitations.ts";

const hourMs = 3_600_000;
export const maxLimitedKeys = 100_000;

/** How people prove that a number is theirs. */
export interface Proofs {
  readonly codes: OneTimeCodes;
  /** What codes are sent through; absent where they prove nothing and come back at once. */
  readonly gateway: CodeGateway | undefined;
  readonly invitations: Invitations;
  /** How often a client may be told that a number is taken: by address, and by invitation. */
  readonly takenNumbers: { readonly byClient: ClientLimit; readonly byInvitation: Limit };
  /** Codes and invitations that were shown and were not right, by address. */
  readonly wrongProofs: ClientLimit;
}

export const proofLimits = { takenAnHour: 20, wrongAnHour: 60 } as const;

interface ProofDeps {
  readonly store: Pick<Store, "codes" | "invitations" | "users">;
  readonly clock: Clock;
  /** The server's own secret. */
  readonly secret: string;
  readonly randomSecret: () => string;
  readonly randomCode: () => string;
  readonly gateway: CodeGateway | undefined;
  /** Whether a token of this number was used from there lately. */
  readonly isKnown: (userId: string, client: ClientAddress) => Promise<boolean>;
  /** Codes that a command left for this server. */
  readonly handed: HandedCodes;
  /** Absent where this server is alone. */
  readonly shared?: Pick<SharedMemory, "limits"> | undefined;
}

export function createProofs(deps: ProofDeps): Proofs {
  const { store, clock, secret, randomSecret, randomCode, gateway, isKnown, handed, shared } = deps;
  const alone: MakeLimit = (rule) => createSlidingWindow(clock, rule, maxLimitedKeys);
  const makeLimit = shared ? sharedLimits(shared.limits, alone) : alone;
  const taken = { name: "taken:address", max: proofLimits.takenAnHour, windowMs: hourMs };
  const takenByInvitation = { ...taken, name: "taken:invitation" };
  const wrong = { name: "proofs:wrong", max: proofLimits.wrongAnHour, windowMs: hourMs };
  const kind = gateway === undefined ? "development" : "sent";
  return {
    codes: createCodes({
      store: store.codes,
      clock,
      key: secret,
      kind,
      makeLimit,
      randomCode,
      randomSecret,
      isKnown,
      handed,
    }),
    gateway,
    invitations: createInvitations({ store: store.invitations, users: store.users, clock, secret, randomSecret }),
    takenNumbers: { byClient: createClientLimit(makeLimit, taken), byInvitation: makeLimit(takenByInvitation) },
    wrongProofs: createClientLimit(makeLimit, wrong),
  };
}
