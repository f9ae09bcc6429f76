import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const names = [
  ...(["hello", "beat", "bury", "join", "place", "abandon", "finish-at-once", "claim", "unclaim"] as const),
  ...(["commit", "restore", "adopt", "hand-over", "find", "tell", "presence", "waiting-records"] as const),
];

export type ScriptName = (typeof names)[number];

export function allScriptTexts(): readonly ScriptText[] {
  return names.map(scriptText);
}

export interface ScriptText {
  readonly text: string;
  /** By which Redis knows it once it has seen it. */
  readonly sha: string;
}

const known = new Map<ScriptName, ScriptText>();

/** A script with what all of them share, and what those share that write the state of a call. */
export function scriptText(name: ScriptName): ScriptText {
  const found = known.get(name);
  if (found) return found;
  const shared = name === "commit" || name === "restore" ? ["prelude", "state"] : ["prelude"];
  const text = [...shared, name].map((file) => readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), "utf8"));
  const script = { text: text.join("\n"), sha: createHash("sha1").update(text.join("\n")).digest("hex") };
  known.set(name, script);
  return script;
}
