import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { SettledNow, Store } from "@echoo/core";
import { openSqliteStore } from "@echoo/storage";
import { pause } from "@echoo/testkit";

/** The real embedded store in a folder that goes with the test. */
export function temporaryStore(t: TestContext, settled?: SettledNow): Store {
  const dir = mkdtempSync(join(tmpdir(), "echoo-accounts-"));
  const store = openSqliteStore({ pause, file: join(dir, "echoo.db"), ...(settled === undefined ? {} : { settled }) });
  t.after(async () => {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return store;
}
