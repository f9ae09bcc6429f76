import { duration } from "../format/format.ts";
import { say } from "./say.ts";

/** What to tell a person about anything that was thrown: by its code where it has one of ours. */
export function sentenceFor(error: unknown): string {
  const retryInMs = (error as { retryInMs?: unknown } | null)?.retryInMs;
  if (codeOf(error) === "rate_limited" && typeof retryInMs === "number") {
    return say.tooManyTries(duration(Math.ceil(retryInMs / 1000)));
  }
  const sentences: Readonly<Record<string, string>> = say.error;
  return sentences[codeOf(error) ?? ""] ?? say.problem.unexpected;
}

/** The machine-readable code of an error, where it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
