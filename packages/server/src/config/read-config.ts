import { crossFaults, crossWarnings } from "./cross-checks.ts";
import { nearest } from "./nearest.ts";
import { flagOf, type Setting } from "./setting.ts";
import type { SettingValues } from "./setting-values.ts";
import { settings } from "./settings.ts";

export interface Config extends SettingValues {
  readonly production: boolean;
  /** What is odd but stops nothing, for the log. */
  readonly warnings: readonly string[];
}

/** All that is wrong with the settings, at once; each fault names its setting. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the settings are not right:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;
type Row = Setting<unknown>;

const rows: readonly [string, Row][] = Object.entries(settings);

/** Reads every setting from the environment and, before it, from flags. Throws ConfigError with all faults at once. */
export function readConfig(env: Environment, argv: readonly string[]): Config {
  const flags = readFlags(argv);
  const given = { ...env, ...flags.values };
  const production = given.NODE_ENV === "production";
  const faults = [...flags.faults];
  const values: Record<string, unknown> = {};
  const set = new Set<string>();
  for (const [key, row] of rows) {
    const text = given[row.name]?.trim() ?? "";
    if (text !== "") set.add(row.name);
    const value = text === "" ? row.byDefault(production) : row.kind.read(text);
    if (text !== "" && value === undefined) faults.push(faultOf(row, text));
    values[key] = value;
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const config = { ...(values as SettingValues), production };
  const crossed = crossFaults(config);
  if (crossed.length > 0) throw new ConfigError(crossed);
  return { ...config, warnings: [...unknownSettings(env), ...crossWarnings(config, set)] };
}

function faultOf(row: Row, text: string): string {
  const shown = row.secret ? "it is something else" : `it is '${text}'`;
  return `${row.name} must be ${row.kind.must}; ${shown}`;
}

function readFlags(argv: readonly string[]): { values: Record<string, string>; faults: string[] } {
  const names = new Map(rows.map(([, row]) => [flagOf(row.name), row.name]));
  const values: Record<string, string> = {};
  const faults: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const [flag = "", inline] = splitOnce(argv[at] ?? "", "=");
    const name = names.get(flag);
    if (name === undefined) {
      const meant = flag.startsWith("-") ? `; did you mean ${nearest(flag, [...names.keys()])}?` : "";
      faults.push(`${flag} is not a flag${meant}`);
      // What follows was meant as its value.
      if (flag.startsWith("-") && inline === undefined && !argv[at + 1]?.startsWith("-")) at += 1;
      continue;
    }
    const value = inline ?? argv[at + 1];
    if (inline === undefined) at += 1;
    if (value === undefined) faults.push(`${flag} needs a value`);
    else values[name] = value;
  }
  return { values, faults };
}

/** A mistyped setting would otherwise be silently without effect. Those of the tests are none of the server's. */
function unknownSettings(env: Environment): string[] {
  const known = rows.map(([, row]) => row.name);
  return Object.keys(env)
    .filter((name) => name.startsWith("ECHOO_") && !name.startsWith("ECHOO_TEST_") && !known.includes(name))
    .map((name) => `${name} is not a setting and has no effect; did you mean ${nearest(name, known)}?`);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
