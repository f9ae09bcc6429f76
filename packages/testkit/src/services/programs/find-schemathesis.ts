import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where `npm test` puts what it fetches; this file is packages/testkit/{src,dist}/services/find-schemathesis. */
const services = fileURLToPath(new URL("../../../../../.cache/services/", import.meta.url));

/** The command that `npm test` fetched. */
export function findSchemathesis(): string | undefined {
  if (!existsSync(services)) return undefined;
  const homes = readdirSync(services).filter((name) => name.startsWith("schemathesis-"));
  const fetched = homes.map((name) => join(services, name)).find((home) => existsSync(join(home, "whole")));
  return fetched === undefined ? undefined : join(fetched, "venv/bin/st");
}
