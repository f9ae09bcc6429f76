import type { UnfinishedCall } from "../call/call.ts";
import { callChange } from "../journal/call-change.ts";
import type { LiveCallChange, LiveCallEntry, LoadedCall } from "../ports/journal.ts";

/**
 * A call is written whole again after so many changes, or characters of changes: what the journal has of it has a
 * bound, and so has the work of a start. A call of today's browsers takes some thirty changes and 20,000 characters.
 */
export const journalledChangesMax = 64;
export const journalledChangeCharsMax = 64 * 1024;

interface Known {
  readonly call: UnfinishedCall;
  readonly changes: number;
  readonly chars: number;
}

/**
 * What the journal has of each unfinished call, so that it is told only what is new. A call is mostly descriptions, and
 * those are written once: whole, a turn that brings eight candidates wrote some 20,000 characters, and now 1,500.
 */
export class JournalledCalls {
  /** Of the calls that the journal was told of, or told of at the start: the very states that the engine has as well. */
  readonly #known = new Map<string, Known>();

  /** What is to be written of this state; undefined where the journal has it already. */
  entryOf(call: UnfinishedCall): LiveCallEntry | LiveCallChange | undefined {
    const known = this.#known.get(call.id);
    if (known?.call === call) return undefined;
    if (!known || !mayChange(known, call)) return this.#whole(call);
    const change = callChange(known.call, call);
    const number = known.changes + 1;
    this.#known.set(call.id, { call, changes: number, chars: known.chars + change.length });
    return { callId: call.id, number, change };
  }

  /** The process before this one left the call so, after so many changes since its body. */
  restored(call: UnfinishedCall, { changes, chars }: NonNullable<LoadedCall["since"]>): void {
    this.#known.set(call.id, { call, changes, chars });
  }

  /** The call is over, or what was to be written of it may be lost: if there is a next time, it is written whole. */
  forget(callId: string): void {
    this.#known.delete(callId);
  }

  #whole(call: UnfinishedCall): LiveCallEntry {
    this.#known.set(call.id, { call, changes: 0, chars: 0 });
    return { callId: call.id, body: JSON.stringify(call) };
  }
}

/** No change names a user: who erases an account looks for its number in bodies alone. */
function mayChange({ call: before, changes, chars }: Known, call: UnfinishedCall): boolean {
  const isSamePair = before.caller === call.caller && before.callee === call.callee;
  return isSamePair && changes < journalledChangesMax && chars < journalledChangeCharsMax;
}
