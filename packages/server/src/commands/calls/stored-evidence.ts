import type { SampleBatch, Side, SideEvidence, Store, StoredCall } from "@echoo/core";
import { samplePages } from "@echoo/storage";
import { pause, systemClock } from "../../composition/platform.ts";
import { type CommandInput, UsageError } from "../command.ts";
import { HeldFolders } from "../store/held-folders.ts";
import { openLocation } from "../store/open-location.ts";
import { chosenLocation } from "../store/store-location.ts";

/** A call as it is stored, with all that both sides told and measured. */
export interface StoredEvidence {
  readonly call: StoredCall;
  readonly sides: { readonly [S in Side]: SideEvidence };
}

export const whereFrom = [
  "An embedded store is read while its server is stopped, MongoDB at any time.",
  "--store  the store, where it is not the one that the settings name",
];

/** Reads the call that a command names; undefined where there is none, which it has said then. */
export async function readEvidence(input: CommandInput): Promise<StoredEvidence | undefined> {
  const [callId, more] = input.words;
  if (callId === undefined || more !== undefined) throw new UsageError("name one call, by its id");
  const place = chosenLocation(input);
  const folders = new HeldFolders("echoo calls");
  try {
    if (place.kind === "sqlite") folders.hold(place.file);
    const { store, shown } = await openLocation(place, "asItIs", systemClock.now());
    try {
      const call = await store.calls.find(callId);
      if (call !== undefined) return { call, sides: await sidesOf(store, call) };
      input.say(`There is no call ${callId} in ${shown}.`);
      return undefined;
    } finally {
      await store.close();
    }
  } finally {
    folders.release();
  }
}

async function sidesOf(store: Store, call: StoredCall): Promise<StoredEvidence["sides"]> {
  const timelines = await store.reports.timelines([call.callId]);
  const sideOf = async (reporter: string): Promise<SideEvidence> => {
    const samples: SampleBatch["samples"][number][] = [];
    for await (const batches of samplePages(store.statistics, { callId: call.callId, reporter }, pause)) {
      for (const batch of batches) samples.push(...batch.samples);
    }
    const timeline = timelines.find((one) => one.reporter === reporter);
    return { samples, ...(timeline === undefined ? {} : { timeline }) };
  };
  return { caller: await sideOf(call.caller), callee: await sideOf(call.callee) };
}
