/** The fields of stored JSON that name a user. Others may hold the same text and mean something else. */
const namesUser: ReadonlySet<string> = new Set([
  "caller",
  "callee",
  "endedBy",
  "from",
  "peer",
  "reporter",
  "to",
  "user",
  "userId",
]);

/** Writes `replacement` for the user in every field of the JSON that names one, however deep. */
export function replaceUser(json: string, id: string, replacement: string): string {
  return JSON.stringify(
    JSON.parse(json, (key, value: unknown) => (value === id && namesUser.has(key) ? replacement : value)),
  );
}
