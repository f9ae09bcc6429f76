import type { WebhookDeliveryBody } from "@echoo/protocol";
import { type Command, UsageError } from "../command.ts";
import { askServer } from "./ask-server.ts";

export const webhooksList: Command = {
  name: "webhooks list",
  usage: "[--all] [--json]",
  summary: "Prints where events are posted to, what waits to be posted, and what was parked after a day of refusals.",
  details: [
    "Asks the server that runs with this data folder, so run it where the server does.",
    "",
    "--all     events that were taken as well: the newest 50 calls and accounts",
    "--json    as the API has it",
  ],
  flags: { all: { type: "boolean" }, json: { type: "boolean" } },

  async run({ words, flags, config, print }) {
    if (words.length > 0) throw new UsageError("webhooks list takes no words");
    const settings = config();
    const { webhooks, waiting, parked } = await askServer(settings, "adminListWebhooks");
    const standings = flags.all === true ? (["all"] as const) : (["parked", "waiting"] as const);
    const deliveries: WebhookDeliveryBody[] = [];
    for (const standing of standings) {
      const query = `?standing=${standing}&limit=50`;
      deliveries.push(...(await askServer(settings, "adminListWebhookDeliveries", { query })).deliveries);
    }
    if (flags.json === true) {
      print(JSON.stringify({ webhooks, waiting, parked, deliveries }));
      return 0;
    }
    for (const { id, url, rotating } of webhooks) print(`${id}  ${url}${rotating ? "  (two secrets)" : ""}`);
    print(webhooks.length === 0 ? "There is no webhook." : `${waiting} events wait, ${parked} are parked.`);
    for (const delivery of deliveries) print(lineOf(delivery));
    return 0;
  },
};

function lineOf({ webhook, event, standing, attempts, dueAt, lastError }: WebhookDeliveryBody): string {
  const tried = attempts === 0 ? "" : `  tried ${attempts} times: ${lastError ?? "no answer"}`;
  const next = dueAt === undefined || attempts === 0 ? "" : `; again at ${dueAt}`;
  return `${standing.padEnd(9)} ${event.time}  ${event.type} ${event.sequence}  ${event.id}  to ${webhook}${tried}${next}`;
}
