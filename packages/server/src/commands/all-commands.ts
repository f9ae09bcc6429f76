import { audit } from "./audit.ts";
import { callsExport } from "./calls/calls-export.ts";
import { callsWhy } from "./calls/calls-why.ts";
import type { Command } from "./command.ts";
import { invite } from "./invite.ts";
import { storeCheck } from "./store/store-check.ts";
import { storeCopy } from "./store/store-copy.ts";
import { storeMigrate } from "./store/store-migrate.ts";
import { webhooksReplay, webhooksRetry } from "./webhooks/webhooks-again.ts";
import { webhooksList } from "./webhooks/webhooks-list.ts";

/** Everything the `echoo` command does besides serving, in the order in which help shows it. */
export const allCommands: readonly Command[] = [
  invite,
  audit,
  callsWhy,
  callsExport,
  storeCopy,
  storeCheck,
  storeMigrate,
  webhooksList,
  webhooksRetry,
  webhooksReplay,
];
