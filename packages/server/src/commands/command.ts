import type { ParseArgsConfig } from "node:util";
import type { Config } from "../config/read-config.ts";

export interface CommandInput {
  /** What was given besides flags. */
  readonly words: readonly string[];
  /** The command's own flags; a flag of a setting is in the config. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  /** The settings, read when they are asked for: not every command needs them to be right. */
  readonly config: () => Config;
  /** Where results go. */
  readonly print: (line: string) => void;
  /** Where progress and complaints go, so that results can be piped. */
  readonly say: (line: string) => void;
}

/** One thing the `echoo` command does besides serving. */
export interface Command {
  /** As it is typed after `echoo`: one word or two. */
  readonly name: string;
  /** What follows the name, as help shows it. */
  readonly usage: string;
  /** One sentence. */
  readonly summary: string;
  /** More of it, for `echoo <name> --help`. */
  readonly details?: readonly string[];
  readonly flags?: NonNullable<ParseArgsConfig["options"]>;
  /** The exit code. A fault that is thrown is printed, and the code is 1. */
  run(input: CommandInput): Promise<number>;
}

/** The command was typed in a way that makes no sense; the message says in which. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
