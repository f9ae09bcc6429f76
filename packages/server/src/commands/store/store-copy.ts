import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { compareTables, copyTables, filledTables, isSame, tableNames } from "@echoo/storage";
import { systemClock } from "../../composition/platform.ts";
import { closeAll } from "../close-all.ts";
import { type Command, type CommandInput, UsageError } from "../command.ts";
import { comparisonLines } from "./comparison-lines.ts";
import { HeldFolders } from "./held-folders.ts";
import { type OpenedStore, openLocation } from "./open-location.ts";
import { ProgressLine } from "./progress-line.ts";
import { isSameLocation, placeUsage, readLocation, type StoreLocation } from "./store-location.ts";
import { drainJournal, journalFileOf, openJournalOf } from "./waiting-journal.ts";

export const storeCopy: Command = {
  name: "store copy",
  usage: "--from PLACE --to PLACE [--verify-only] [--start-over]",
  summary: "Copies everything from one store into another, and verifies it.",
  details: [
    `A place is ${placeUsage}.`,
    "Stop the server first. What waits in the source's journal is stored in the source before anything is copied.",
    "The target must be new or empty. Interrupted, run the same command again: it goes on where it stopped; until it has",
    "finished, no server starts on the target. At the end both stores are read whole, and counts and checksums compared.",
    "",
    "--verify-only  copies nothing: compares two stores",
    "--start-over   empties a target that an unfinished copy left, and begins again",
    "",
    "The exit code is 0 when both hold the same, 1 when they do not, with the entries that differ.",
  ],
  flags: {
    from: { type: "string" },
    to: { type: "string" },
    "verify-only": { type: "boolean" },
    "start-over": { type: "boolean" },
  },
  run,
};

async function run(input: CommandInput): Promise<number> {
  const [from, to] = [placeOf(input, "from"), placeOf(input, "to")];
  if (isSameLocation(from, to)) throw new UsageError("--from and --to name the same store");
  const verifyOnly = input.flags["verify-only"] === true;
  const nowMs = systemClock.now();
  const open: OpenedStore[] = [];
  const folders = new HeldFolders("echoo store copy");
  try {
    holdFolders(input, folders, from, to);
    const source = await openLocation(from, "asItIs", nowMs);
    open.push(source);
    const target = await openLocation(to, verifyOnly ? "asItIs" : "target", nowMs);
    open.push(target);
    if (verifyOnly) return await verify(input, source, target);
    return await copy(input, { from, to, source, target });
  } finally {
    await closeAll(open.map(({ store }) => store));
    folders.release();
  }
}

/** The journal is drained into its source, or looked at beside its target, so its folder counts as well. */
function holdFolders({ config }: CommandInput, folders: HeldFolders, from: StoreLocation, to: StoreLocation): void {
  if (to.kind === "sqlite") {
    mkdirSync(dirname(to.file), { recursive: true, mode: 0o700 });
    folders.hold(to.file);
  }
  const journal = journalFileOf(from, config);
  if (from.kind === "sqlite") folders.hold(from.file);
  else if (existsSync(journal)) folders.hold(journal);
}

function placeOf({ flags, config }: CommandInput, name: "from" | "to"): StoreLocation {
  const text = flags[name];
  if (typeof text !== "string") throw new UsageError(`store copy needs --${name}: ${placeUsage}`);
  return readLocation(`--${name}`, text, () => config().mongodbName);
}

interface Copying {
  readonly from: StoreLocation;
  readonly to: StoreLocation;
  readonly source: OpenedStore;
  readonly target: OpenedStore;
}

async function copy(input: CommandInput, { from, to, source, target }: Copying): Promise<number> {
  const { say } = input;
  const mark = await target.tables.readCopyMark();
  const held = mark === undefined ? await filledTables(target.tables) : [];
  if (mark !== undefined && mark.from !== source.shown && input.flags["start-over"] !== true) {
    throw new Error(
      `${target.shown} holds a part of what was copied from ${mark.from}. Finish that copy, or empty it: --start-over`,
    );
  }
  const journalFile = journalFileOf(from, input.config);
  requireNoOtherJournal(to, journalFile);
  await drain(input, journalFile, source);
  if ((await filledTables(source.tables)).length === 0) {
    throw new Error(`${source.shown} has nothing in it: is it the right place?`);
  }
  if (held.length > 0) return compareWithHeld(input, source, target);
  if (mark !== undefined && input.flags["start-over"] === true) {
    say(`emptying ${target.shown}`);
    await empty(target, source.shown);
  } else if (mark !== undefined) {
    const table = tableNames.find((name) => !mark.doneTables.includes(name));
    say(`going on where the last copy stopped: ${table ?? "verifying"}`);
  }
  const startedMs = systemClock.steady();
  const terminal = process.stderr.isTTY ? process.stderr : undefined;
  const progress = new ProgressLine({ say, clock: systemClock, terminal });
  await copyTables({ from: source.tables, to: target.tables, fromName: source.shown, progress });
  say(`copied in ${Math.ceil((systemClock.steady() - startedMs) / 1000)} s; now both sides are read and compared`);
  const code = await verify(input, source, target);
  if (code === 0) await target.tables.writeCopyMark(undefined);
  else say(`${target.shown} stays marked as unfinished, and no server starts on it. Copy again with --start-over.`);
  return code;
}

/** The server would store those entries in the target, where they are not expected. */
function requireNoOtherJournal(to: StoreLocation, sourceJournal: string): void {
  if (to.kind !== "sqlite") return;
  const file = journalFileOf(to, () => ({ dataDir: "" }));
  if (file === sourceJournal) return;
  const journal = openJournalOf(file, () => {});
  if (journal === undefined) return;
  const { records, samples } = journal.pending();
  const waiting = records + samples + [...journal.load().live].length;
  void journal.close();
  if (waiting > 0) {
    throw new Error(`${file} holds calls of another installation that were never stored. Use an empty folder`);
  }
}

async function drain({ say }: CommandInput, file: string, source: OpenedStore): Promise<void> {
  const journal = openJournalOf(file, say);
  if (journal === undefined) return;
  try {
    const { records, samples, unfinished } = await drainJournal(journal, source.store, say);
    if (records + samples > 0) {
      say(`${records} calls and ${samples} batches of statistics that waited in ${file} are stored in the source now`);
    }
    if (unfinished > 0) {
      say(
        `${unfinished} calls in ${file} have not ended. The next start with that folder ends and records them:` +
          " keep it, or start and stop the server on the source and copy then",
      );
    }
  } finally {
    await journal.close();
  }
}

/**
 * A copy that has finished and is run again changes nothing; anything else that is there already is not ours to touch.
 */
async function compareWithHeld(input: CommandInput, source: OpenedStore, target: OpenedStore): Promise<number> {
  input.say(`${target.shown} is not empty, and no copy into it is unfinished: it is only compared`);
  const code = await verify(input, source, target);
  if (code === 0) input.say("both hold the same already; nothing was copied");
  else input.say("nothing was copied. Choose an empty database or a new file, or delete that one yourself");
  return code;
}

async function empty({ tables }: OpenedStore, fromName: string): Promise<void> {
  for (const name of tableNames) await tables.tables[name].clear();
  await tables.writeCopyMark({ from: fromName, doneTables: [] });
}

async function verify({ print, say }: CommandInput, source: OpenedStore, target: OpenedStore): Promise<number> {
  const comparisons = await compareTables(source.tables, target.tables, (table) => say(`comparing ${table}`));
  for (const line of comparisonLines(comparisons)) print(line);
  return comparisons.every(isSame) ? 0 : 1;
}
