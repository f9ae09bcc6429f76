import { type Beat, type Instant, type Journal, type JournalBatch, timelineAt } from "@echoo/core";
import { replaceUser } from "../../records/replace-user.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { JournalBounds } from "./journal-bounds.ts";

interface BeatRow {
  readonly alive_at_ms: number;
  /** Absent in a journal of before: its times are of the wall clock. */
  readonly steady_ms: number | null;
}

interface TombstoneRow {
  readonly call_id: string;
  readonly expires_at_ms: number;
  readonly body: string;
}

/** Unfinished calls and tombstones. Each method that writes runs inside a transaction of its caller. */
export class LiveTables {
  readonly #bounds: Pick<JournalBounds, "tombstones" | "expiredPerTombstone">;
  readonly #putLive;
  readonly #dropLive;
  readonly #live;
  readonly #bury;
  readonly #dropExpired;
  readonly #dropOldest;
  readonly #countTombstones;
  readonly #tombstones;
  readonly #beat;
  readonly #lastBeat;
  readonly #rewriters;

  constructor(file: SqliteFile, bounds: Pick<JournalBounds, "tombstones" | "expiredPerTombstone">) {
    this.#bounds = bounds;
    this.#putLive = file.prepare(
      "INSERT INTO live (call_id, body) VALUES (?, ?) ON CONFLICT (call_id) DO UPDATE SET body = excluded.body",
    );
    this.#dropLive = file.prepare("DELETE FROM live WHERE call_id = ?");
    this.#live = file.prepare<{ call_id: string; body: string }>("SELECT call_id, body FROM live ORDER BY rowid");
    this.#bury = file.prepare("INSERT OR REPLACE INTO tombstones (call_id, expires_at_ms, body) VALUES (?, ?, ?)");
    const oldest = "SELECT call_id FROM tombstones";
    this.#dropExpired = file.prepare(
      `DELETE FROM tombstones WHERE call_id IN
         (${oldest} WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?)`,
    );
    this.#dropOldest = file.prepare(
      `DELETE FROM tombstones WHERE call_id IN (${oldest} ORDER BY expires_at_ms LIMIT ?)`,
    );
    this.#countTombstones = file.prepare<{ n: number }>("SELECT count(*) AS n FROM tombstones");
    this.#tombstones = file.prepare<TombstoneRow>("SELECT * FROM tombstones ORDER BY expires_at_ms, call_id");
    this.#beat = file.prepare("INSERT OR REPLACE INTO beat (id, alive_at_ms, steady_ms) VALUES (1, ?, ?)");
    this.#lastBeat = file.prepare<BeatRow>("SELECT alive_at_ms, steady_ms FROM beat");
    this.#rewriters = ["live", "tombstones"].map((table) => ({
      naming: file.prepare<{ call_id: string; body: string }>(
        `SELECT call_id, body FROM ${table} WHERE instr(body, ?) > 0`,
      ),
      rewrite: file.prepare(`UPDATE ${table} SET body = ? WHERE call_id = ?`),
    }));
  }

  write(batch: Pick<JournalBatch, "live" | "ended" | "beat">): void {
    const { beat } = batch;
    if (beat) this.beat(beat);
    for (const { callId, body } of batch.live) this.#putLive.run(callId, body);
    for (const { tombstone } of batch.ended) {
      this.#dropLive.run(tombstone.callId);
      this.#bury.run(tombstone.callId, tombstone.expiresAtMs, tombstone.body);
    }
    if (!beat || batch.ended.length === 0) return;
    this.#dropExpired.run(beat.steadyMs, batch.ended.length * this.#bounds.expiredPerTombstone);
  }

  beat({ atMs, steadyMs }: Beat): void {
    this.#beat.run(atMs, steadyMs);
  }

  lastBeat(): Beat | undefined {
    const row = this.#lastBeat.get();
    return row && { atMs: row.alive_at_ms, steadyMs: row.steady_ms ?? row.alive_at_ms };
  }

  /** Another name for a user, in what is left of its calls. */
  replaceUser(id: string, replacement: string): void {
    for (const { naming, rewrite } of this.#rewriters) {
      for (const row of naming.all(id)) rewrite.run(replaceUser(row.body, id, replacement), row.call_id);
    }
  }

  /** What the last process left, without what has expired since, and no more tombstones than the bound. */
  load(now: Instant): ReturnType<Journal["load"]> {
    const beat = this.lastBeat();
    if (beat) this.#dropExpired.run(timelineAt(beat, now), Number.MAX_SAFE_INTEGER);
    const excess = (this.#countTombstones.get()?.n ?? 0) - this.#bounds.tombstones;
    if (excess > 0) this.#dropOldest.run(excess);
    return {
      ...(beat === undefined ? {} : { beat }),
      live: this.#live.all().map((row) => ({ callId: row.call_id, body: row.body })),
      ended: this.#tombstones
        .all()
        .map((row) => ({ callId: row.call_id, body: row.body, expiresAtMs: row.expires_at_ms })),
    };
  }
}
