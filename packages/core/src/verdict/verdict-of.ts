import type { Facts, Phase } from "./facts.ts";
import { SideView } from "./side-view.ts";
import {
  type Side,
  type StoredVerdict,
  sides,
  type Verdict,
  type VerdictInput,
  verdictRulesVersion,
} from "./verdict.ts";
import { verdictRows } from "./verdict-rules.ts";

const nothing: Verdict = { code: "unknown", confidence: "sure", evidence: [] };

/** What became of a call, and how that is known. Without more than a record it says what the record says, or `unknown`. */
export function verdictOf(input: VerdictInput): Verdict {
  const facts = factsOf(input);
  for (const row of verdictRows) {
    if (row.phase !== facts.phase) continue;
    const found = row.find(facts);
    if (found === undefined) continue;
    const confidence = found.confidence ?? (row.likely ? "likely" : "sure");
    return {
      code: row.code,
      ...(found.side === undefined ? {} : { side: found.side }),
      confidence,
      evidence: found.evidence,
    };
  }
  return nothing;
}

/** The verdict for administrators, and that of each party, of which each is made of what they may know. */
export function verdictsOf(input: VerdictInput): StoredVerdict {
  const operator = verdictOf(input);
  const own = sides.map((side) => [side, verdictOf(knownTo(side, input))] as const);
  const others = own.filter(([, verdict]) => verdict.code !== operator.code || verdict.side !== operator.side);
  return { rules: verdictRulesVersion, inputs: inputsOf(input), operator, ...Object.fromEntries(others) };
}

/** One party's verdict of a stored one: the other side's events are its own, and pushes the operator's. */
export function verdictFor(stored: StoredVerdict, viewer: Side): Verdict {
  const verdict = stored[viewer] ?? stored.operator;
  const isShown = ({ source, side }: Verdict["evidence"][number]) => source !== "event" || side === viewer;
  return { ...verdict, evidence: verdict.evidence.filter(isShown) };
}

/** Whether a verdict that was made now is to take the place of the stored one: it knows as much, or by newer rules. */
export function replacesVerdict(stored: StoredVerdict | undefined, made: StoredVerdict): boolean {
  if (stored === undefined || made.inputs > stored.inputs) return true;
  return made.inputs === stored.inputs && made.rules >= stored.rules;
}

/**
 * What a party may know. Of a call that was answered both may have its verdict. Of one that was not the caller knows what
 * they were told, so that a block, do-not-disturb, pushes and the callee's devices look offline or not answered.
 */
function knownTo(side: Side, input: VerdictInput): VerdictInput {
  if (input.record.answeredAtMs !== undefined) return input;
  const { pushes: _pushes, ...server } = input.server;
  if (side === "callee") return { ...input, server };
  const endReason = input.record.endReason === "do_not_disturb" ? "unreachable" : input.record.endReason;
  return {
    record: { ...input.record, endReason },
    sides: { ...input.sides, callee: { samples: [] } },
    server,
  };
}

function factsOf({ record, sides: { caller: callerSide, callee: calleeSide }, server }: VerdictInput): Facts {
  const [caller, callee] = [new SideView("caller", callerSide), new SideView("callee", calleeSide)];
  const both = [caller, callee];
  return { record, server, caller, callee, both, phase: phaseOf(record, both) };
}

/** An older client does not say that it is connected: then what it measured says so. */
function phaseOf({ answeredAtMs, connectedAtMs }: VerdictInput["record"], both: readonly SideView[]): Phase {
  if (answeredAtMs === undefined) return "no answer";
  const isUp = (view: SideView) => view.samples.length > 0 || view.of("connection", "connected").length > 0;
  return connectedAtMs !== undefined || both.some(isUp) ? "connected" : "never connected";
}

function inputsOf({ sides: { caller, callee } }: VerdictInput): number {
  const countOf = ({ samples, timeline }: VerdictInput["sides"][Side]) =>
    samples.length + (timeline?.events.length ?? 0);
  return countOf(caller) + countOf(callee);
}
