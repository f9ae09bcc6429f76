import { InvalidCursor, type StoredCall } from "@echoo/core";

/** The last call of a page, or the last that was looked at for it. */
export type Position = Pick<StoredCall, "createdAtMs" | "callId">;

/** The same for every store, so that a client's cursor outlives a change of the store. */
export function encodeCursor({ createdAtMs, callId }: Position): string {
  return Buffer.from(JSON.stringify([createdAtMs, callId])).toString("base64url");
}

/** Throws `InvalidCursor` for what `encodeCursor` did not make. */
export function decodeCursor(cursor: string): Position {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(decoded) && decoded.length === 2) {
      const [createdAtMs, callId] = decoded as unknown[];
      if (typeof createdAtMs === "number" && typeof callId === "string") return { createdAtMs, callId };
    }
  } catch (error) {
    throw new InvalidCursor(error);
  }
  throw new InvalidCursor();
}
