import type { CallSide } from "@echoo/protocol";
import { JsonElements, type JsonPieces } from "./json-pieces.ts";

/** Samples written in one step. */
const samplesPerStep = 500;

/** Writes one side of a call, whose samples may be many, with what else belongs beside it. */
export async function writeSide(
  pieces: JsonPieces,
  { samples, ...side }: CallSide,
  beside: object = {},
): Promise<void> {
  pieces.put(`${JSON.stringify({ ...beside, ...side }).slice(0, -1)},"samples":[`);
  const elements = new JsonElements<CallSide["samples"][number]>(pieces);
  for (let from = 0; from < samples.length; from += samplesPerStep) {
    if (from > 0) await pieces.step();
    for (const sample of samples.slice(from, from + samplesPerStep)) elements.add(sample);
  }
  pieces.put("]}");
}
