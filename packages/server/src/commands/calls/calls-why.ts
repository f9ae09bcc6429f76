import { type Instant, type Verdict, verdictRows, verdictsOf } from "@echoo/core";
import { verdictWords } from "@echoo/protocol";
import type { Command } from "../command.ts";
import { readEvidence, whereFrom } from "./stored-evidence.ts";

/** Says what became of a call, and how that is known. */
export const callsWhy: Command = {
  name: "calls why",
  usage: "<callId> [--json] [--store PLACE]",
  summary: "Says why a call failed, or that nothing was wrong with it, with the evidence and what to do.",
  details: [...whereFrom, "--json   the verdict as it is stored", "", "docs/guide/why.md explains every verdict."],
  flags: { json: { type: "boolean" }, store: { type: "string" } },

  async run(input) {
    const found = await readEvidence(input);
    if (found === undefined) return 1;
    const { call, sides } = found;
    const made = verdictsOf({ record: call, sides, server: call.server ?? {} });
    // What was swept since is in the verdict that was made then.
    const verdict = call.verdict !== undefined && call.verdict.inputs > made.inputs ? call.verdict : made;
    if (input.flags.json === true) input.print(JSON.stringify(verdict));
    else for (const line of linesOf(verdict.operator, call.createdAtMs)) input.print(line);
    return 0;
  },
};

function linesOf({ code, side, confidence, evidence }: Verdict, createdAtMs: Instant): readonly string[] {
  const { sentence, advice } = verdictWords(code, side ?? "one");
  // What no row matched is unknown as well.
  const row = code === "unknown" ? undefined : verdictRows.find((one) => one.code === code);
  const at = (t: number | undefined) => (t === undefined ? "" : `+${((t - createdAtMs) / 1000).toFixed(1)} s  `);
  return [
    `${code}${side === undefined ? "" : ` (${side})`}, ${confidence}`,
    sentence,
    ...(advice === "" ? [] : [`→ ${advice}`]),
    ...(row === undefined ? [] : ["", `The rule: ${row.rule}.`]),
    ...evidence.map(({ source, side: whose = "", what, t, value }) =>
      `  ${at(t)}${source} ${whose} ${what}${value === undefined ? "" : `: ${value}`}`.replace(/\p{C}/gu, "\ufffd"),
    ),
  ];
}
