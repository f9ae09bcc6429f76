import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Store } from "@echoo/core";
import { type OpenJournal, openSqliteJournal, RecordWriter, type SetAside } from "@echoo/storage";
import { pause, random, systemClock } from "../../composition/platform.ts";
import type { Config } from "../../config/read-config.ts";
import type { StoreLocation } from "./store-location.ts";

/** The journal whose entries wait for this store: beside an embedded one, else in the data folder of the settings. */
export function journalFileOf(place: StoreLocation, config: () => Pick<Config, "dataDir">): string {
  return join(place.kind === "sqlite" ? dirname(place.file) : config().dataDir, "journal.db");
}

/** Opens a journal that is there; throws while a server has it. */
export function openJournalOf(file: string, say: (line: string) => void): OpenJournal | undefined {
  if (!existsSync(file)) return undefined;
  const onSetAside = ({ kind, callId = "unknown", why }: SetAside) =>
    say(`${kind} of the call ${callId} is set aside in ${file}: ${why}`);
  return openSqliteJournal({ clock: systemClock, file, exclusive: true, onSetAside });
}

export interface Drained {
  readonly records: number;
  readonly samples: number;
  /** Calls that have not ended: the next start with this journal ends and records them. */
  readonly unfinished: number;
}

/** Does what the next start of the server would do first: stores what waits in the journal. */
export async function drainJournal(journal: OpenJournal, store: Store, say: (line: string) => void): Promise<Drained> {
  const { records, samples } = journal.pending();
  const unfinished = [...journal.load().live].length;
  const writer = new RecordWriter({
    store,
    outbox: journal,
    clock: systemClock,
    random,
    pause,
    onNoSummary: (error, callId) => say(`a summary of the call ${callId} could not be stored: ${String(error)}`),
    onDegraded: () => {},
  });
  try {
    await writer.flush();
  } finally {
    await writer.stop();
  }
  return { records, samples, unfinished };
}
