import type { EndReason } from "@echoo/protocol";
import { type Rule, recorded, served } from "../facts.ts";

/** Nobody could be reached, though there were devices to wake: no push service took any of the pushes. */
export const pushFailed: Rule = ({ server: { pushes }, record }) => {
  const isUnheard = record.endReason === "unreachable" || record.endReason === "no_answer";
  if (!isUnheard || record.ringingAtMs !== undefined || pushes === undefined) return undefined;
  if (pushes.tried === 0 || pushes.failed < pushes.tried) return undefined;
  return { side: "callee", evidence: [served("pushes refused or gone", pushes.failed)] };
};

export function endedBecause(...reasons: readonly EndReason[]): Rule {
  return ({ record }) =>
    reasons.includes(record.endReason) ? { evidence: [recorded(record.endReason, record.endedAtMs)] } : undefined;
}
