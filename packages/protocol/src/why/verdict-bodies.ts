import { z } from "zod";
import * as f from "../fields.ts";
import { instant } from "../rest/wire-values.ts";
import { verdictCodes } from "./verdicts.ts";

const role = z.enum(["caller", "callee"]);

/** As a history shows it. */
export const shortVerdict = z
  .object({
    code: z.enum(verdictCodes),
    side: role.optional().describe("Whose side it is about, where there is evidence of that."),
  })
  .meta({ id: "ShortVerdict" });

const evidence = z
  .object({
    source: z.enum(["record", "server", "event", "sample"]),
    side: role.optional(),
    what: f.label.describe("What was seen, such as `ice failed`."),
    t: instant.optional(),
    value: z.number().optional(),
  })
  .meta({ id: "Evidence" });

export const callVerdict = z
  .object({
    ...shortVerdict.shape,
    confidence: z.enum(["sure", "likely"]),
    sentence: z.string().describe("For people, in English."),
    advice: z.string().describe("What to do about it, in English; empty where there is nothing to do."),
    rules: f.count.describe("The version of the rules that it was made by."),
    evidence: z.array(evidence).describe("Events of the other side are not among them."),
  })
  .meta({ id: "CallVerdict" });
export type CallVerdictBody = z.infer<typeof callVerdict>;
