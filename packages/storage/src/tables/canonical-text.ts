/**
 * The one text of a value: names in order, absent and undefined the same, no difference between 0 and -0. Two stores
 * hold the same if these texts are equal, whatever they make of booleans, lists and order.
 */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    // Entries, not properties of a copy: `__proto__` would be none.
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    members.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
