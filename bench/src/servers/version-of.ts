import { existsSync, readFileSync } from "node:fs";

/** Where npm puts what the bench alone needs, and what it shares with the other workspaces. */
const places = ["../../node_modules/", "../../../node_modules/"].map((path) => new URL(path, import.meta.url));

/** The version of an installed package. */
export function versionOf(name: string): string {
  const file = places.map((place) => new URL(`${name}/package.json`, place)).find((url) => existsSync(url));
  if (file === undefined) throw new Error(`${name} is not installed`);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
