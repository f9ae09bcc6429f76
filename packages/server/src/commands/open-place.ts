import type { Instant, Store } from "@echoo/core";
import { openMongoStore } from "../adapters/store-mongo/open-mongo-store.ts";
import { openSqliteStore } from "../adapters/store-sqlite/open-sqlite-store.ts";
import { systemClock } from "../platform.ts";
import type { StoreTables } from "../tables/store-tables.ts";
import type { StorePlace } from "./store-place.ts";

export interface OpenedPlace {
  readonly store: Store;
  readonly tables: StoreTables;
  readonly shown: string;
}

/**
 * `asItIs` is for what is only read: nothing is made, and a part of a copy is refused. `target` is for what is filled: it
 * is made and gets its indexes.
 */
export type OpenAs = "asItIs" | "target";

/** Opens a store for a command; rejects with a sentence that tells what to do. */
export async function openPlace(place: StorePlace, openAs: OpenAs, nowMs: Instant): Promise<OpenedPlace> {
  const asItIs = openAs === "asItIs";
  const { shown } = place;
  if (place.kind === "sqlite") {
    const store = openSqliteStore({ file: place.file, exclusive: true, asItIs, unfinished: !asItIs });
    return { store, tables: store.tables({ nowMs }), shown };
  }
  const { uri, database } = place;
  const quiet = { patient: true, onAway: () => {}, onReady: () => {} };
  const store = openMongoStore({ uri, database, clock: systemClock, ...quiet, asItIs, unfinished: !asItIs });
  try {
    // A command that would wait for ever says nothing: it fails, and is begun again.
    await store.ping();
    if (!asItIs) await store.ready;
  } catch (error) {
    await store.close();
    throw error;
  }
  return { store, tables: store.tables({ nowMs }), shown };
}
