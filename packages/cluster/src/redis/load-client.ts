/** With the first connection: its five hundred files are a part of each start that a single node does not need. */
export function loadClient() {
  return import("@redis/client");
}
