import { type JournalFactory, journalCase } from "./journal-case.ts";
import { liveConformance } from "./live-conformance.ts";
import { outboxConformance } from "./outbox-conformance.ts";

/** What every journal holds to. The factory gives each test a place of its own; call it at the top of a test file. */
export function journalConformance(name: string, factory: JournalFactory): void {
  const check = journalCase(name, factory);
  liveConformance(check);
  outboxConformance(check);
}
