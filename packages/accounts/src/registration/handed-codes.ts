import { createHmac } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Instant } from "@echoo/core";

/** A code that belongs to an invitation for a number. */
export interface InvitedCode {
  /** The invitation's. */
  readonly id: string;
  readonly expiresAtMs: Instant;
  readonly madeAtMs: Instant;
  /** HMAC of the code, hex. */
  readonly hash: string;
}

/** Codes that a command made beside the server, which alone has the store. */
export interface HandedCodes {
  /** The newest for this number, once: it is gone from where it lay, or it does not count. */
  take(userId: string): Promise<InvitedCode | undefined>;
}

interface Place {
  /** The server's data folder. */
  readonly dataDir: string;
  /** The server's own secret: no name of a file tells a number. */
  readonly secret: string;
}

const folderOf = ({ dataDir }: Place) => join(dataDir, "invited-codes");

function fileOf(place: Place, userId: string): string {
  const name = createHmac("sha256", place.secret).update(`invited-code:${userId}`).digest("base64url");
  return join(folderOf(place), `${name}.json`);
}

/** Leaves a code for the server, in place of an earlier one for the number. What has expired there is cleared away. */
export function handOverCode(place: Place, userId: string, invited: InvitedCode): void {
  const folder = folderOf(place);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    const other = join(folder, name);
    const { mtimeMs } = statSync(other, { throwIfNoEntry: false }) ?? { mtimeMs: invited.madeAtMs };
    if (invited.madeAtMs - mtimeMs > invited.expiresAtMs - invited.madeAtMs) rmSync(other, { force: true });
  }
  // Whole or not at all: the server may be reading.
  const file = fileOf(place, userId);
  writeFileSync(`${file}.new`, JSON.stringify(invited), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function createHandedCodes(place: Place): HandedCodes {
  return {
    async take(userId) {
      const file = fileOf(place, userId);
      try {
        const text = await readFile(file, "utf8");
        // Before it counts: one that stayed here would have its tries again and again.
        await unlink(file);
        return readInvitedCode(text);
      } catch {
        return undefined;
      }
    },
  };
}

function readInvitedCode(text: string): InvitedCode | undefined {
  const { id, expiresAtMs, madeAtMs, hash } = JSON.parse(text) as Partial<Record<keyof InvitedCode, unknown>>;
  const isWhole = typeof id === "string" && typeof hash === "string";
  if (!isWhole || typeof expiresAtMs !== "number" || typeof madeAtMs !== "number") return undefined;
  return { id, expiresAtMs, madeAtMs, hash };
}
