import type { BodyKind } from "./body-kind.ts";

/**
 * Format 0 had one clock: every moment was the wall clock's, which is the timeline's as well for a journal of then. A call
 * had no moment of its placing beside its creation, and one that was over only that of its end.
 */
export function fromFormat0(kind: BodyKind, body: object): object {
  const { createdAtMs, placedAtMs, endedAtMs } = body as Readonly<Record<string, unknown>>;
  if (kind === "live") return { ...body, placedAtMs: placedAtMs ?? createdAtMs };
  if (kind === "ended") return { ...body, createdAtMs: createdAtMs ?? endedAtMs };
  return body;
}
