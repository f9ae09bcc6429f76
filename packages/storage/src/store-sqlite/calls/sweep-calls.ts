import { type Pause, untilDone } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";

/** Old statistics looked at in one step. */
const straysPerStep = 200;
/** Batches of samples deleted in one step; each may have some tens of kilobytes. */
const batchesPerStep = 50;
/** Calls deleted in one step, once their samples are gone. */
const callsPerStep = 20;

interface OldCall {
  readonly id: number;
  readonly call_id: string;
}

interface OldStats {
  readonly call_id: string;
  readonly reporter: string;
  readonly updated_at_ms: number;
  readonly stray: number;
}

/** Deletes a call with everything that is kept of it, its samples in steps: what fails half-way is found again. */
class CallRemover {
  readonly #file: SqliteFile;
  readonly #dropSamples;
  readonly #dropReports;
  readonly #dropStats;
  readonly #dropCall;

  constructor(file: SqliteFile) {
    this.#file = file;
    this.#dropSamples = file.prepare(
      `DELETE FROM call_samples WHERE id IN (SELECT id FROM call_samples WHERE call_id = ? LIMIT ${batchesPerStep})`,
    );
    this.#dropReports = file.prepare("DELETE FROM call_reports WHERE call_id = ?");
    this.#dropStats = file.prepare("DELETE FROM call_stats WHERE call_id = ?");
    // Its views go with it, by the foreign key.
    this.#dropCall = file.prepare("DELETE FROM calls WHERE id = ?");
  }

  /** Takes some of their samples; tells whether none of these calls has any left. */
  dropSamples(calls: readonly OldCall[]): boolean {
    let left = batchesPerStep;
    return this.#file.transaction(() => {
      for (const { call_id } of calls) {
        left -= this.#dropSamples.run(call_id);
        if (left <= 0) return false;
      }
      return true;
    });
  }

  /** The calls themselves, whose samples are gone. */
  drop(calls: readonly OldCall[]): void {
    this.#file.transaction(() => {
      for (const { id, call_id } of calls) {
        this.#dropStats.run(call_id);
        this.#dropReports.run(call_id);
        this.#dropCall.run(id);
      }
    });
  }
}

/** Deletes old statistics that no call belongs to, at most `limit`. */
function straySweep(file: SqliteFile, pause: Pause): (beforeMs: number, limit: number) => Promise<void> {
  const old = file.prepare<OldStats>(
    `SELECT s.call_id, s.reporter, s.updated_at_ms,
       NOT EXISTS (SELECT 1 FROM calls c WHERE c.call_id = s.call_id) AS stray
     FROM call_stats s WHERE s.updated_at_ms < ? AND (s.updated_at_ms, s.call_id, s.reporter) > (?, ?, ?)
     ORDER BY s.updated_at_ms, s.call_id, s.reporter LIMIT ${straysPerStep}`,
  );
  const drop = file.prepare("DELETE FROM call_stats WHERE call_id = ? AND reporter = ?");

  return async (beforeMs, limit) => {
    let dropped = 0;
    let after: readonly [number, string, string] = [Number.MIN_SAFE_INTEGER, "", ""];
    await untilDone(pause, () => {
      const rows = old.all(beforeMs, ...after);
      const strays = rows.filter(({ stray }) => stray === 1).slice(0, limit - dropped);
      file.transaction(() => strays.forEach(({ call_id, reporter }) => void drop.run(call_id, reporter)));
      dropped += strays.length;
      const last = rows.at(-1);
      if (last !== undefined) after = [last.updated_at_ms, last.call_id, last.reporter];
      return rows.length < straysPerStep || dropped >= limit;
    });
  };
}

/**
 * Deletes old calls with their statistics, oldest first. Where no more of them are left it deletes as many old statistics
 * that no call belongs to: while there are old calls, looking through their statistics for others' would be in vain.
 */
export function callSweep(file: SqliteFile, pause: Pause): (beforeMs: number, limit: number) => Promise<number> {
  const old = file.prepare<OldCall>(
    "SELECT id, call_id FROM calls WHERE created_at_ms < ? ORDER BY created_at_ms LIMIT ?",
  );
  const remover = new CallRemover(file);
  const sweepStrays = straySweep(file, pause);

  return async (beforeMs, limit) => {
    let swept = 0;
    await untilDone(pause, async () => {
      const calls = old.all(beforeMs, Math.min(callsPerStep, limit - swept));
      if (!remover.dropSamples(calls)) return false;
      remover.drop(calls);
      swept += calls.length;
      return calls.length === 0 || swept >= limit;
    });
    if (swept < limit) await sweepStrays(beforeMs, limit);
    return swept;
  };
}
