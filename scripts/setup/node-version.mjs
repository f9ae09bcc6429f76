import { giveUp } from "./say.mjs";

const oldest = { major: 20, minor: 19 };

/**
 * Whether this version of Node can run Echoo.
 * @param {string} version such as "20.19.0"
 */
export function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}

/** Ends the process with one clear sentence where Node is too old, before anything obscure can fail. */
export function checkNode() {
  if (isNodeNewEnough(process.versions.node)) return;
  giveUp(
    `Echoo needs Node ${oldest.major}.${oldest.minor} or newer, and this is Node ${process.versions.node}: ` +
      "install a newer one (https://nodejs.org/en/download) and run the command again.",
  );
}
