import { type Side, type StoredCall, type Verdict, verdictFor } from "@echoo/core";
import {
  type AdminCallBody,
  type CallBody,
  type CallVerdictBody,
  type VerdictSubject,
  verdictWords,
} from "@echoo/protocol";
import { instantOf } from "../replies/instant.ts";

type Judged = Pick<StoredCall, "caller"> & { readonly verdict?: StoredCall["verdict"] | undefined };

/** The side of a call that a party is. */
function sideOf({ caller }: Pick<StoredCall, "caller">, viewer: string): Side {
  return caller === viewer ? "caller" : "callee";
}

/** As a history shows it, made of what this party may know. */
export function shortVerdict(call: Judged, viewer: string): CallBody["verdict"] {
  if (call.verdict === undefined) return undefined;
  const { code, side } = verdictFor(call.verdict, sideOf(call, viewer));
  return { code, ...(side === undefined ? {} : { side }) };
}

/** In full, with words and with the evidence that this party may see. */
export function verdictBody(call: Judged, viewer: string): CallVerdictBody | undefined {
  if (call.verdict === undefined) return undefined;
  const own = sideOf(call, viewer);
  const verdict = verdictFor(call.verdict, own);
  const subject = verdict.side === undefined ? "one" : verdict.side === own ? "you" : "peer";
  return worded(verdict, call.verdict.rules, subject);
}

/** For administrators: what the server makes of it whole, but for a call that its callee has blocked. */
function operatorVerdict({ verdict, callerOnly }: Pick<StoredCall, "callerOnly" | "verdict">): Verdict | undefined {
  return callerOnly && verdict ? verdictFor(verdict, "caller") : verdict?.operator;
}

export function adminShortVerdict(call: StoredCall): AdminCallBody["verdict"] {
  const verdict = operatorVerdict(call);
  return verdict && { code: verdict.code, ...(verdict.side === undefined ? {} : { side: verdict.side }) };
}

export function adminVerdictBody(call: StoredCall): CallVerdictBody | undefined {
  const verdict = operatorVerdict(call);
  return verdict && worded(verdict, call.verdict?.rules ?? 0, "one");
}

function worded(
  { code, side, confidence, evidence }: Verdict,
  rules: number,
  subject: VerdictSubject,
): CallVerdictBody {
  return {
    code,
    ...(side === undefined ? {} : { side }),
    confidence,
    ...verdictWords(code, subject),
    rules,
    evidence: evidence.map(({ t, ...rest }) => ({ ...rest, ...(t === undefined ? {} : { t: instantOf(t) }) })),
  };
}
