import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where `npm test` puts what it fetches; this file is packages/testkit/{src,dist}/services/find-mongod. */
const fetched = fileURLToPath(new URL("../../../../../.cache/services/mongod/fiftyone/db/bin/mongod", import.meta.url));

/** A mongod on the PATH, or the one that `npm test` fetched. */
export function findMongod(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...folders.map((folder) => join(folder, "mongod")), fetched].find((path) => existsSync(path));
}

/** A running MongoDB to test with, instead of one that the tests start. */
export function givenMongodbUri(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.ECHOO_TEST_MONGODB_URI || undefined;
}
