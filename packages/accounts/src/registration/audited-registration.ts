import { normalisePhone, Refusal } from "@echoo/protocol";
import type { Audit, AuditFacts, ProofGiven } from "../audit/audit.ts";
import { countingFirstUse } from "./first-use.ts";
import { createRegistration, type Registration, type RegistrationDeps, type RequestOrigin } from "./registration.ts";
import type { Registered } from "./sign-in.ts";

interface AuditedDeps extends RegistrationDeps {
  readonly audit: Audit;
}

type Request = Parameters<Registration["register"]>[0];

/** A registration that keeps account of who registered or logged in by what, and of whom it refused. */
export function createAuditedRegistration(deps: AuditedDeps): Registration {
  const { audit, store, accounts } = deps;
  const registration = countingFirstUse(createRegistration(deps), deps);
  const codeProof = accounts.gateway === undefined ? "development code" : "code";

  function factsOf({ phone, device }: Pick<Request, "phone" | "device">, { client, requestId }: RequestOrigin) {
    return { user: normalisePhone(phone), device, address: client.address, requestId };
  }

  async function keepingRefusals<T>(facts: AuditFacts, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      // What is malformed, and a database that is away, says nothing of who tried.
      if (error instanceof Refusal && error.code !== "invalid" && error.code !== "unavailable") {
        const { how, ...others } = facts;
        audit.note("login_refused", { ...others, how: how === "open access" ? undefined : how, refusal: error.code });
      }
      throw error;
    }
  }

  return {
    async register(request, from, bearer) {
      const how = howOf(request, bearer !== undefined, codeProof);
      const facts = { ...factsOf(request, from), how };
      const isInvited = request.invite !== undefined;
      const before = isInvited && facts.user !== undefined ? await store.users.find(facts.user) : undefined;
      const done = await keepingRefusals(facts, registration.register(request, from, bearer));
      if (!("user" in done)) {
        audit.note("code_requested", factsOf(request, from));
        return done;
      }
      if (isInvited) audit.note("invitation_redeemed", facts);
      noteSignIn(audit, facts, done);
      if (isInvited && done.user.admin && !before?.admin) audit.note("admin_granted", facts);
      return done;
    },

    async sendCode(phone, from) {
      const facts = factsOf({ phone }, from);
      const sent = await keepingRefusals(facts, registration.sendCode(phone, from));
      audit.note("code_requested", facts);
      return sent;
    },

    async redeemCode(request, from) {
      const facts = { ...factsOf(request, from), how: codeProof } as const;
      const done = await keepingRefusals(facts, registration.redeemCode(request, from));
      noteSignIn(audit, facts, done);
      return done;
    },
  };
}

/** What of a request decides, in the order in which `register` looks at it. */
function howOf({ invite, otp }: Request, hasToken: boolean, codeProof: ProofGiven): ProofGiven {
  if (invite !== undefined) return "invitation";
  if (hasToken) return "token";
  return otp !== undefined && codeProof === "code" ? "code" : "open access";
}

function noteSignIn(audit: Audit, facts: AuditFacts, { user, created, invited }: Registered): void {
  if (invited) audit.note("invitation_redeemed", { ...facts, how: "invitation" });
  audit.note(created ? "registered" : "logged_in", {
    ...facts,
    user: user.id,
    ...(invited ? { how: "invitation" } : {}),
  });
}
