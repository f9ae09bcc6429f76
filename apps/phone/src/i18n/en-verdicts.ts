import { type VerdictCode, verdictSentences } from "@echoo/protocol";

/** What became of a call, and what to do; `{who}` stands for one of `whose`. */
export const verdicts: Readonly<Record<VerdictCode, readonly [sentence: string, advice: string]>> = verdictSentences;

export const whose = { you: "your device", peer: "the other device", one: "one of the devices" };

export const verdictWords = {
  heading: "What happened",
  likely: "This is likely, and not certain.",
  evidence: "How that is known",
};
