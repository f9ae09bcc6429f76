import { type VerdictCode, verdictSentences } from "../browser/verdict-sentences.ts";

export const verdictCodes = Object.keys(verdictSentences) as [VerdictCode, ...VerdictCode[]];

/** Whose device a sentence is about, as the one who reads it says. */
export type VerdictSubject = "you" | "peer" | "caller" | "callee" | "one";

const subjects: Readonly<Record<VerdictSubject, string>> = {
  you: "your device",
  peer: "the other device",
  caller: "the caller's device",
  callee: "the callee's device",
  one: "one of the devices",
};

/** What people are told, in English. */
export function verdictWords(code: VerdictCode, subject: VerdictSubject): { sentence: string; advice: string } {
  const [sentence, advice] = verdictSentences[code];
  return {
    sentence: sentence.replace("{who}", subjects[subject]),
    advice: advice.replace("{who}", subjects[subject]),
  };
}
