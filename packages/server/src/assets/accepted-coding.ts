/** What a file may be compressed with, the smaller result first, and what its compressed form's name ends in. */
export const codings = { br: ".br", gzip: ".gz" } as const;
export type Coding = keyof typeof codings;

/**
 * The coding of those at hand that a client prefers by its `Accept-Encoding` (RFC 9110, 12.5.3): the one with the most
 * weight, and of several the smaller. Undefined where the file as it is is as welcome as any, or nothing else is.
 */
export function acceptedCoding(header: string | undefined, atHand: ReadonlySet<Coding>): Coding | undefined {
  if (header === undefined) return undefined;
  const weights = weightsOf(header);
  const weightOf = (name: string) => weights.get(name) ?? weights.get("*") ?? 0;
  // Without a word about it the plain file is acceptable, and the last choice.
  const plain = weights.get("identity") ?? 0;
  let best: { coding: Coding; weight: number } | undefined;
  for (const coding of Object.keys(codings) as Coding[]) {
    const weight = weightOf(coding);
    if (atHand.has(coding) && weight > plain && weight > (best?.weight ?? 0)) best = { coding, weight };
  }
  return best?.coding;
}

/** `gzip;q=0.5, br` by name, in small letters. What cannot be read has no weight. */
function weightsOf(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((word) => word.trim());
    const weight = parameters.find((word) => word.startsWith("q="))?.slice(2) ?? "1";
    if (name !== "")
      weights.set(
        name === "x-gzip" ? "gzip" : name,
        /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0,
      );
  }
  return weights;
}
