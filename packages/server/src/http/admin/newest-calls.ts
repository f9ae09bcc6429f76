import type { CallPosition, Calls, StoredCall } from "@echoo/core";

/** Read from one index at once. */
const callsPerRead = 500;

interface Range {
  readonly parties: readonly string[] | undefined;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly after?: CallPosition | undefined;
}

/** Calls of a time, newest first: of everybody, or of any of these parties, each once. */
export async function* newestCalls(
  calls: Pick<Calls, "look">,
  { parties, ...range }: Range,
): AsyncGenerator<StoredCall> {
  const sources =
    parties === undefined ? [read(calls, range)] : parties.map((party) => read(calls, { ...range, party }));
  const heads = await Promise.all(sources.map(async (source) => ({ source, call: (await source.next()).value })));
  let last: string | undefined;
  for (;;) {
    let newest: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.call && (!newest?.call || isNewer(head.call, newest.call))) newest = head;
    }
    if (!newest?.call) return;
    // Two of the parties may have had it with each other.
    if (newest.call.callId !== last) yield newest.call;
    last = newest.call.callId;
    newest.call = (await newest.source.next()).value;
  }
}

function isNewer(a: CallPosition, b: CallPosition): boolean {
  if (a.createdAtMs !== b.createdAtMs) return a.createdAtMs > b.createdAtMs;
  return Buffer.compare(Buffer.from(a.callId), Buffer.from(b.callId)) > 0;
}

type ReadRange = Omit<Range, "parties"> & { readonly party?: string };

async function* read(
  calls: Pick<Calls, "look">,
  { after: first, ...range }: ReadRange,
): AsyncGenerator<StoredCall, undefined> {
  for (let after = first; ; ) {
    const look = { ...range, limit: callsPerRead, ...(after === undefined ? {} : { after }) };
    const some = await calls.look(look);
    yield* some;
    after = some.at(-1);
    if (after === undefined || some.length < callsPerRead) return undefined;
  }
}
