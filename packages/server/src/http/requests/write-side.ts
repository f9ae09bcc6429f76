import type { CallSide } from "@echoo/protocol";
import { JsonElements, type JsonPieces } from "../replies/json-pieces.ts";

/** Samples written in one step. */
const samplesPerStep = 500;

/** Writes an object that has many samples besides what else it has. */
export async function writeWithSamples<T>(
  pieces: JsonPieces,
  others: object,
  samples: readonly T[],
  toBody: (sample: T) => object,
): Promise<void> {
  pieces.put(`${JSON.stringify(others).slice(0, -1)},"samples":[`);
  const elements = new JsonElements(pieces);
  for (let from = 0; from < samples.length; from += samplesPerStep) {
    if (from > 0) await pieces.step();
    for (const sample of samples.slice(from, from + samplesPerStep)) elements.add(toBody(sample));
  }
  pieces.put("]}");
}

/** Writes one side of a call, with what else belongs beside it. */
export function writeSide(pieces: JsonPieces, { samples, ...side }: CallSide, beside: object = {}): Promise<void> {
  return writeWithSamples(pieces, { ...beside, ...side }, samples, (sample) => sample);
}
