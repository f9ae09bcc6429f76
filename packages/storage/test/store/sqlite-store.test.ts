import { join } from "node:path";
import { pause, storeConformance, tellingOfTests } from "@echoo/testkit";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

storeConformance("SQLite", async () => {
  const folder = temporaryFolder();
  const store = openSqliteStore({ pause, telling: tellingOfTests(), file: join(folder.path, "data", "echoo.db") });
  return {
    store,
    async dispose() {
      await store.close();
      folder.remove();
    },
  };
});
