import { existsSync } from "node:fs";
import { openSqliteStore } from "@echoo/storage";
import { pause, systemClock } from "../../composition/platform.ts";
import type { Command, CommandInput } from "../command.ts";
import { HeldFolders } from "./held-folders.ts";
import { chosenLocation, placeUsage, type StoreLocation } from "./store-location.ts";

export const storeMigrate: Command = {
  name: "store migrate",
  usage: "[--store PLACE]",
  summary: "Brings a store to this version: its schema and its indexes.",
  details: [
    `A place is ${placeUsage}; without --store it is the one that the settings name.`,
    "Every start of the server does the same. By hand it can be done beforehand, where indexes take their time.",
  ],
  flags: { store: { type: "string" } },
  async run(input) {
    const place = chosenLocation(input);
    if (place.kind === "sqlite") migrateFile(input, place.file);
    else await migrateDatabase(input, place);
    return 0;
  },
};

function migrateFile({ print }: CommandInput, file: string): void {
  if (!existsSync(file)) throw new Error(`${file} does not exist; a new one is made by the server's first start`);
  const { found, now } = withHeldFolder(file, () => {
    const store = openSqliteStore({ pause, file, exclusive: true });
    void store.close();
    return store.schema;
  });
  if (found < now) print(`${file} had the schema ${found} and has ${now} now.`);
  else print(`${file} has the schema ${now} already; nothing was to be done.`);
}

function withHeldFolder<T>(file: string, run: () => T): T {
  const folders = new HeldFolders("echoo store migrate");
  try {
    folders.hold(file);
    return run();
  } finally {
    folders.release();
  }
}

async function migrateDatabase(
  { print, say }: CommandInput,
  { uri, database }: StoreLocation & { readonly kind: "mongodb" },
): Promise<void> {
  const [clock, silent] = [systemClock, () => {}];
  const reading = { pause, uri, database, clock, onReady: silent, onAway: silent, asItIs: true, outdated: true };
  const { openMongoStore } = await import("@echoo/storage/mongodb");
  const before = openMongoStore(reading);
  try {
    const [found, missing] = [await before.schemaVersion(), await before.missingIndexes()];
    if (missing.length > 0) say(`making ${missing.length} indexes; over a long history this takes its time`);
    const onAway = (error: unknown) => say(`it is tried again: ${String(error)}`);
    const after = openMongoStore({ pause, uri, database, clock, onReady: silent, onAway });
    try {
      await after.ready;
      const now = await after.schemaVersion();
      if (found === now) print(`The database '${database}' has the schema ${now} already.`);
      else
        print(
          `The database '${database}' had ${found === undefined ? "no mark of" : found} its schema and has ${now} now.`,
        );
      print(missing.length === 0 ? "All indexes were there." : `Indexes made: ${missing.join(", ")}.`);
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}
