import type { Instant, Store } from "@echoo/core";
import { openSqliteStore, type StoreTables } from "@echoo/storage";
import { pause, systemClock } from "../../composition/platform.ts";
import type { StoreLocation } from "./store-location.ts";

export interface OpenedStore {
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
export async function openLocation(place: StoreLocation, openAs: OpenAs, nowMs: Instant): Promise<OpenedStore> {
  const asItIs = openAs === "asItIs";
  const { shown } = place;
  if (place.kind === "sqlite") {
    const store = openSqliteStore({ pause, file: place.file, exclusive: true, asItIs, unfinished: !asItIs });
    return { store, tables: store.tables({ nowMs }), shown };
  }
  const { uri, database } = place;
  const { openMongoStore } = await import("@echoo/storage/mongodb");
  const store = openMongoStore({
    pause,
    uri,
    database,
    clock: systemClock,
    patient: true,
    onAway: () => {},
    onReady: () => {},
    asItIs,
    unfinished: !asItIs,
  });
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
