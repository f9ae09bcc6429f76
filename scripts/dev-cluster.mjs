// `npm run dev:cluster`: two nodes that are one system, with the MongoDB and the Valkey that they need, on this machine.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { checkNode } from "./setup/node-version.mjs";

checkNode();
const { prepare } = await import("./setup/prepare.mjs");
const { ensureMongod } = await import("./services/mongod.mjs");
const { ensureValkey } = await import("./services/redis.mjs");
const { giveUp } = await import("./setup/say.mjs");

await prepare().catch((error) => giveUp(error.message));
await ensureMongod();
await ensureValkey();
const program = fileURLToPath(new URL("dev-cluster/program.ts", import.meta.url));
// Away from this terminal's signals: the nodes end before what they need, and all of it ends with this process.
const child = fork(program, { execArgv: ["--conditions=source", "--import", "tsx"], detached: true });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (child.connected) child.disconnect();
  });
}
const [code] = await once(child, "exit");
process.exitCode = code ?? 1;
