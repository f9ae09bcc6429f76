/** The place of an entry in a stream, as Redis writes it: the milliseconds of its clock, and a number among those of one. */
export type EntryId = readonly [ms: number, seq: number];

export function entryId(text: string): EntryId {
  const [ms, seq] = text.split("-").map(Number);
  return [ms ?? 0, seq ?? 0];
}

export function isAfter(a: EntryId, b: EntryId): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
}

export function idText([ms, seq]: EntryId): string {
  return `${ms}-${seq}`;
}
