// `npm run dev`: the server, restarted on every change, and both pages, the phone and the dashboard, with hot reload. One Ctrl-C stops both.
import { checkNode } from "./setup/node-version.mjs";

checkNode();
const { ensureInstalled } = await import("./setup/install.mjs");
const { giveUp, say } = await import("./setup/say.mjs");
const { runTogether } = await import("./setup/run-together.mjs");

await ensureInstalled().catch((error) => giveUp(error.message));
const port = process.env.PORT ?? "3000";
say(
  `Server on http://localhost:${port}; the pages with hot reload, the phone and the dashboard, have the addresses that vite prints below.`,
);
process.exitCode = await runTogether([
  {
    args: [
      "--watch",
      "--watch-preserve-output",
      "--conditions=source",
      "--import",
      "tsx",
      "--enable-source-maps",
      "packages/server/src/main.ts",
      ...process.argv.slice(2),
    ],
    cwd: ".",
  },
  {
    args: ["../../node_modules/vite/bin/vite.js", "--clearScreen", "false"],
    cwd: "apps/phone",
    env: { ECHOO_DEV_SERVER: `http://localhost:${port}` },
  },
  {
    args: ["../../node_modules/vite/bin/vite.js", "--clearScreen", "false"],
    cwd: "apps/dashboard",
    env: { ECHOO_DEV_SERVER: `http://localhost:${port}` },
  },
]);
