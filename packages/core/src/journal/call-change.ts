import type { UnfinishedCall } from "../call/call.ts";
import { jsonOf } from "./json-of.ts";
import { UnusableBody } from "./unusable-body.ts";

/** What became of a call since its last body or change: fields that it has now, those that it has no more, and longer lists. */
interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly gone?: readonly string[];
  readonly more?: Readonly<Record<string, readonly unknown[]>>;
}

/** The lists that grow with nearly each message: only what came to them is written. */
const growing: ReadonlySet<string> = new Set(["callerCandidates", "calleeCandidates"]);

/**
 * What `after` has that `before` had not, as JSON. States are never changed in place, so a field that is the same value
 * is the same: descriptions, which are most of a call, are neither compared nor written again.
 */
export function callChange(before: UnfinishedCall, after: UnfinishedCall): string {
  const was = before as unknown as Readonly<Record<string, unknown>>;
  const is = after as unknown as Readonly<Record<string, unknown>>;
  const set: Record<string, unknown> = {};
  const more: Record<string, readonly unknown[]> = {};
  for (const name of Object.keys(is)) {
    if (is[name] === was[name]) continue;
    const added = growing.has(name) ? addedTo(was[name], is[name]) : undefined;
    if (added) more[name] = added;
    else set[name] = is[name];
  }
  const gone = Object.keys(was).filter((name) => is[name] === undefined);
  const change: Change = { set, ...(gone.length === 0 ? {} : { gone }), more };
  return JSON.stringify(change);
}

function addedTo(before: unknown, after: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after) || !before.every((one, at) => one === after[at]))
    return undefined;
  return after.slice(before.length);
}

/** The body of a call after these changes, oldest first. Throws `UnusableBody`. */
export function bodyAfter(body: string, changes: readonly string[]): string {
  return changes.length === 0 ? body : JSON.stringify(valueAfter(body, changes));
}

/** What it says. Throws `UnusableBody`. */
export function valueAfter(body: string, changes: readonly string[]): Readonly<Record<string, unknown>> {
  let call = fieldsOf(body);
  for (const text of changes) {
    const { set = {}, gone = [], more = {} } = fieldsOf(text) as Change;
    call = { ...call, ...set };
    for (const name of listed(gone)) delete call[String(name)];
    for (const [name, added] of Object.entries(more)) call[name] = [...listed(call[name]), ...listed(added)];
  }
  return call;
}

function fieldsOf(text: string): Record<string, unknown> {
  const value = jsonOf(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new UnusableBody("it is no object");
  return value as Record<string, unknown>;
}

function listed(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnusableBody("a change of it fits no list");
  return value;
}
