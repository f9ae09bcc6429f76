import { systemClock } from "../../composition/platform.ts";
import { type Command, type CommandInput, UsageError } from "../command.ts";
import { readSince } from "../read-since.ts";
import { askServer } from "./ask-server.ts";

const where = "Asks the server that runs with this data folder, so run it where the server does.";
const flags = { webhook: { type: "string" } } as const;

export const webhooksRetry: Command = {
  name: "webhooks retry",
  usage: "[event] [--webhook <id>]",
  summary: "Posts what was parked; with an event, what was parked of its call or account.",
  details: [where, "", "--webhook   of one webhook alone, as webhooks list names it"],
  flags,

  async run({ words, flags: given, config, print }) {
    if (words.length > 1) throw new UsageError("webhooks retry takes the id of one event, or none");
    const event = words[0] === undefined ? {} : { event: words[0] };
    const body = { ...webhookOf(given), ...event };
    const { changed } = await askServer(config(), "adminRetryWebhooks", { body });
    print(`What was parked of ${changed} calls and accounts is posted again.`);
    return 0;
  },
};

export const webhooksReplay: Command = {
  name: "webhooks replay",
  usage: "--since <when> [--webhook <id>]",
  summary: "Posts once more what happened since then, whether it was taken or not; events are kept for 7 days.",
  details: [
    where,
    "",
    "--since     30m, 12h, 7d, or a date such as 2026-02-28 or 2026-02-28T12:00Z",
    "--webhook   to one webhook alone, as webhooks list names it",
  ],
  flags: { ...flags, since: { type: "string" } },

  async run({ words, flags: given, config, print }) {
    if (words.length > 0 || typeof given.since !== "string") {
      throw new UsageError("webhooks replay takes --since and no words");
    }
    const since = Math.max(0, readSince(given.since, systemClock.now()));
    const body = { ...webhookOf(given), since };
    const { changed } = await askServer(config(), "adminReplayWebhooks", { body });
    print(`What happened to ${changed} calls and accounts is posted once more.`);
    return 0;
  },
};

function webhookOf({ webhook }: CommandInput["flags"]): { readonly webhook?: string } {
  return typeof webhook === "string" ? { webhook } : {};
}
