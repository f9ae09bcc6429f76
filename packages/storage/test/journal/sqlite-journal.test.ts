import { join } from "node:path";
import { FakeClock, journalConformance } from "@echoo/testkit";
import type { OpenJournal } from "../../src/journal/open-journal.ts";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

journalConformance("SQLite", async (bounds) => {
  const folder = temporaryFolder();
  const clock = new FakeClock();
  const opened: OpenJournal[] = [];
  return {
    clock,
    open() {
      const file = join(folder.path, "data", "journal.db");
      const journal = openSqliteJournal({ file, clock, ...(bounds === undefined ? {} : { bounds }) });
      opened.push(journal);
      return journal;
    },
    async dispose() {
      for (const journal of opened) await journal.close();
      folder.remove();
    },
  };
});
