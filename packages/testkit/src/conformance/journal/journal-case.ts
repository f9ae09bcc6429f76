import { test } from "node:test";
import type { Journal, Outbox } from "@echoo/core";
import type { FakeClock } from "../../fake-clock.ts";

type TestedJournal = Journal & Outbox;

/** One journal's place on disk. */
export interface JournalFixture {
  /** Opens what is there. What an earlier opening left open stays so: that is a crash. */
  open(): TestedJournal;
  readonly clock: FakeClock;
  dispose(): Promise<void>;
}

/** Small bounds, so that a test can go past them. */
type TestedBounds = Readonly<
  Partial<Record<"queuedRecords" | "queuedSamples" | "queuedReports" | "groupChars" | "tombstones", number>>
>;

export type JournalFactory = (bounds?: TestedBounds) => Promise<JournalFixture>;

export type JournalCase = (title: string, run: (fixture: JournalFixture) => void, bounds?: TestedBounds) => void;

export function journalCase(name: string, factory: JournalFactory): JournalCase {
  return (title, run, bounds) => {
    test(`${name}: ${title}`, async () => {
      const fixture = await factory(bounds);
      try {
        run(fixture);
      } finally {
        await fixture.dispose();
      }
    });
  };
}
