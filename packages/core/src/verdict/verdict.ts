import type { ReportEvent, Sample, VerdictCode } from "@echoo/protocol";
import type { EndedCall } from "../call/record.ts";
import type { Instant } from "../ports/clock.ts";
import type { ServerFacts } from "./server-facts.ts";

/**
 * The version of the rules, which rises when one of them changes. Verdicts of different versions are not compared, and a
 * newer one takes the place of an older one where it is of as much.
 */
export const verdictRulesVersion = 1;

export type Side = "caller" | "callee";
export const sides: readonly Side[] = ["caller", "callee"];

/** What is kept of one side's reports, and of how far its clock is off. */
export interface Timeline {
  /** By their number, each once. */
  readonly events: readonly ReportEvent[];
  /** The smallest of the times when a report came, less when it was sent by the client's clock. */
  readonly shiftMs?: number;
}

export interface SideEvidence {
  readonly timeline?: Timeline;
  readonly samples: readonly Sample[];
}

export interface VerdictInput {
  readonly record: EndedCall;
  readonly sides: { readonly [S in Side]: SideEvidence };
  readonly server: ServerFacts;
}

export interface Evidence {
  readonly source: "record" | "server" | "event" | "sample";
  readonly side?: Side;
  readonly what: string;
  readonly t?: Instant;
  readonly value?: number;
}

export interface Verdict {
  readonly code: VerdictCode;
  readonly side?: Side;
  readonly confidence: "sure" | "likely";
  readonly evidence: readonly Evidence[];
}

/** What is kept with a call. */
export interface StoredVerdict {
  readonly rules: number;
  /** How many samples and events it was made of: one that was made of fewer does not take its place. */
  readonly inputs: number;
  /** The whole truth, for administrators. */
  readonly operator: Verdict;
  /** What a party may know, where that is another one. */
  readonly caller?: Verdict;
  readonly callee?: Verdict;
}
