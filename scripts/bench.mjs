// `npm run bench -- --help`: measures what Echoo costs, with all of its set-up.
import { checkNode } from "./setup/node-version.mjs";

checkNode();
const { prepare } = await import("./setup/prepare.mjs");
const { ensureMongod } = await import("./services/mongod.mjs");
const { ensureValkey } = await import("./services/redis.mjs");
const { run } = await import("./setup/run.mjs");
const { giveUp } = await import("./setup/say.mjs");

await prepare()
  .then(ensureMongod)
  .then(ensureValkey)
  .catch((error) => giveUp(error.message));
process.exitCode = await run(process.execPath, [
  ...["--conditions=source", "--import", "tsx", "bench/src/main.ts"],
  ...process.argv.slice(2),
]);
