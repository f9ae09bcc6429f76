import { existsSync } from "node:fs";
import { type Instant, type Store, SummaryBuilder } from "@echoo/core";
import { checkStore, type Finding, type Repairs, readJournal, samplePages } from "@echoo/storage";
import { pause, systemClock } from "../../composition/platform.ts";
import type { Command, CommandInput } from "../command.ts";
import { HeldFolders } from "./held-folders.ts";
import { type OpenedStore, openLocation } from "./open-location.ts";
import { chosenLocation, placeUsage, type StoreLocation } from "./store-location.ts";
import { journalFileOf } from "./waiting-journal.ts";

export const storeCheck: Command = {
  name: "store check",
  usage: "[--store PLACE] [--fix]",
  summary: "Finds what breaks the rules that every store keeps, and says what to do about it.",
  details: [
    `A place is ${placeUsage}; without --store it is the one that the settings name.`,
    "An embedded store is checked while its server is stopped, MongoDB at any time. The journal beside it is looked at too.",
    "",
    "--fix  makes missing summaries out of their samples and revokes tokens and removes push devices of nobody; the rest is left to you",
    "",
    "The exit code is 0 when nothing was found, 1 when something was, mended or not.",
  ],
  flags: { store: { type: "string" }, fix: { type: "boolean" } },
  run,
};

async function run(input: CommandInput): Promise<number> {
  const place = chosenLocation(input);
  const nowMs = systemClock.now();
  const folders = new HeldFolders("echoo store check");
  try {
    if (place.kind === "sqlite") folders.hold(place.file);
    const opened = await openLocation(place, "asItIs", nowMs);
    return await check(input, place, { opened, journal: openJournal(input, place, folders), nowMs });
  } finally {
    folders.release();
  }
}

interface Checked {
  readonly opened: OpenedStore;
  readonly journal: ReturnType<typeof openJournal>;
  readonly nowMs: Instant;
}

async function check(input: CommandInput, place: StoreLocation, { opened, journal, nowMs }: Checked): Promise<number> {
  const { print, say } = input;
  const fix = input.flags.fix === true;
  try {
    const findings = await checkStore({
      store: opened.tables,
      ...(journal === undefined ? {} : { journal }),
      // An embedded store has no other server; in MongoDB another one may have calls that go on.
      settledBeforeMs: place.kind === "sqlite" ? Number.POSITIVE_INFINITY : nowMs - input.config().maxCallMs,
      ...(fix ? { repairs: repairsOf(opened.store) } : {}),
      onTable: (what) => say(`checking ${what}`),
    });
    for (const line of findings.flatMap(linesOf)) print(line);
    print(findings.length === 0 ? `${opened.shown} keeps every rule.` : verdict(findings));
    return findings.length === 0 ? 0 : 1;
  } finally {
    journal?.close();
    await opened.store.close();
  }
}

function openJournal({ config, say }: CommandInput, place: StoreLocation, folders: HeldFolders) {
  const file = journalFileOf(place, config);
  if (!existsSync(file)) return undefined;
  try {
    folders.hold(file);
    return readJournal(file);
  } catch (error) {
    // With MongoDB the server may go on; a journal that cannot be read is no reason not to look at the rest.
    say(`the journal is left out: ${(error as Error).message}`);
    return undefined;
  }
}

function repairsOf(store: Store): Repairs {
  return {
    async summarise(callId, reporter) {
      const builder = new SummaryBuilder();
      let lastMs = 0;
      for await (const batches of samplePages(store.statistics, { callId, reporter }, pause)) {
        for (const { receivedAtMs, samples } of batches) {
          for (const sample of samples) builder.add(sample);
          lastMs = Math.max(lastMs, receivedAtMs);
        }
      }
      await store.statistics.putSummary(callId, reporter, builder.summary(), lastMs);
    },
    async revoke(userId, tokenId) {
      await store.tokens.revoke(userId, tokenId);
    },
    async removeDevice(userId, deviceId) {
      await store.pushDevices.remove(userId, deviceId);
    },
  };
}

function linesOf({ what, remedy, count, keys }: Finding): readonly string[] {
  const more = count > keys.length ? [`  and ${count - keys.length} more`] : [];
  return [`${count} × ${what}`, ...keys.map((key) => `  ${key}`), ...more, `  → ${remedy}`];
}

function verdict(findings: readonly Finding[]): string {
  const total = findings.reduce((sum, { count }) => sum + count, 0);
  return `${total} ${total === 1 ? "entry breaks a rule" : "entries break a rule"}.`;
}
