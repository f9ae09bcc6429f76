import { existsSync } from "node:fs";
import { run } from "../setup/run.mjs";
import { say } from "../setup/say.mjs";
import { aptInstall, hasApt } from "./apt-install.mjs";
import { isOnPath } from "./on-path.mjs";

/**
 * Gets coturn for the tests of TURN, through apt where it may. A turnserver on the PATH comes first. Where it cannot be had,
 * the tests themselves say so: they skip aloud, or fail under CI=true.
 */
export async function ensureCoturn() {
  if (isOnPath("turnserver")) return;
  if (!hasApt()) {
    say("coturn is missing: install it (Debian: apt-get install coturn), or the tests of TURN cannot run.");
    return;
  }
  await aptInstall(["coturn"], "the tests of TURN");
  // Where systemd runs, it starts what it finds: the tests' servers are their own.
  if (existsSync("/run/systemd/system")) await run("systemctl", ["disable", "--quiet", "--now", "coturn"]);
}

/** Gets what makes networks within this machine: two browsers that cannot reach each other are in two of them. */
export async function ensureNetworks() {
  const missing = [
    ["ip", "iproute2"],
    ["nft", "nftables"],
  ].flatMap(([command = "", name = ""]) => (isOnPath(command) ? [] : [name]));
  if (missing.length > 0 && hasApt()) await aptInstall(missing, "the test of two networks");
}
