import type { Command } from "./command.ts";
import { invite } from "./invite.ts";

/** Everything the `echoo` command does besides serving, in the order in which help shows it. */
export const allCommands: readonly Command[] = [invite];
