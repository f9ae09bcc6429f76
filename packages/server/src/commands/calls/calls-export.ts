import { rtcstatsLines } from "@echoo/core";
import type { Command } from "../command.ts";
import { readEvidence, whereFrom } from "./stored-evidence.ts";

/** Prints a call for the tools that read rtcstats. */
export const callsExport: Command = {
  name: "calls export",
  usage: "<callId> [--store PLACE]",
  summary: "Prints what both sides told and measured of a call as rtcstats, a line of JSON each.",
  details: [...whereFrom, "", "There is no address, description or number in it."],
  flags: { store: { type: "string" } },

  async run(input) {
    const found = await readEvidence(input);
    if (found === undefined) return 1;
    for (const line of rtcstatsLines({ record: found.call, sides: found.sides })) input.print(line);
    return 0;
  },
};
