import type { EndedCall } from "../call/record.ts";
import type { ServerFacts } from "./server-facts.ts";
import type { SideView } from "./side-view.ts";
import type { Evidence, Side } from "./verdict.ts";

/** What the rules look at: both sides in order, the record, and what the server knew. */
export interface Facts {
  readonly record: EndedCall;
  readonly server: ServerFacts;
  readonly caller: SideView;
  readonly callee: SideView;
  readonly both: readonly SideView[];
  readonly phase: Phase;
}

export type Phase = "no answer" | "never connected" | "connected";

/** What a rule found: it matches. */
export interface Finding {
  readonly side?: Side;
  readonly evidence: readonly Evidence[];
  readonly confidence?: "sure" | "likely";
}

export type Rule = (facts: Facts) => Finding | undefined;

/** The first of the sides that the rule finds something on, the caller's first. */
export function onASide(find: (view: SideView, facts: Facts) => readonly Evidence[] | undefined): Rule {
  return (facts) => {
    for (const view of facts.both) {
      const evidence = find(view, facts);
      if (evidence !== undefined) return { side: view.side, evidence };
    }
    return undefined;
  };
}

export function recorded(what: string, t?: number): Evidence {
  return { source: "record", what, ...(t === undefined ? {} : { t }) };
}

export function served(what: string, value?: number): Evidence {
  return { source: "server", what, ...(value === undefined ? {} : { value }) };
}
