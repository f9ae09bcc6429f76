import {
  type AuditEntry,
  type AuditEvent,
  auditEvents,
  auditFilesIn,
  findServerSecret,
  pseudonymOf,
  readAudit,
} from "@echoo/accounts";
import { readUserId } from "@echoo/protocol";
import { systemClock } from "../composition/platform.ts";
import type { Config } from "../config/read-config.ts";
import { type Command, type CommandInput, UsageError } from "./command.ts";
import { readSince } from "./read-since.ts";

/** Which entries were asked for. */
interface Wanted {
  readonly userKey: string | undefined;
  readonly sinceMs: number;
  readonly event: AuditEvent | undefined;
}

/** Reads the audit log, beside a running server or without one. */
export const audit: Command = {
  name: "audit",
  usage: "[number] [--since <when>] [--event <name>] [--json]",
  summary: "Prints the audit log: who registered, logged in or was refused, what was revoked, blocked and erased.",
  details: [
    "A number's own entries, and those about it, are found although the log does not hold numbers:",
    "that takes the server's secret, so run this with the server's settings and on its data folder.",
    "",
    "--since   30m, 12h, 7d, or a date such as 2026-02-28 or 2026-02-28T12:00Z",
    "--json    the entries as they are stored",
    "--event   one of:",
    ...Object.entries(auditEvents).map(([name, doc]) => `            ${name.padEnd(21)}${doc}`),
  ],
  flags: { since: { type: "string" }, event: { type: "string" }, json: { type: "boolean" } },

  async run({ words, flags, config, print, say }: CommandInput): Promise<number> {
    if (words.length > 1) throw new UsageError("audit takes one number; write it without spaces, or in quotes");
    const settings = config();
    if (auditFilesIn(settings.dataDir).length === 0) {
      say(`There is no audit log in ${settings.dataDir}; is ECHOO_DATA the folder of the server?`);
      return 1;
    }
    const wanted: Wanted = {
      userKey: words[0] === undefined ? undefined : keyOf(words[0], settings),
      sinceMs: typeof flags.since === "string" ? readSince(flags.since, systemClock.now()) : 0,
      event: typeof flags.event === "string" ? eventOf(flags.event) : undefined,
    };
    let found = 0;
    for await (const entry of readAudit(settings.dataDir)) {
      if (!isWanted(entry, wanted)) continue;
      found += 1;
      print(flags.json === true ? JSON.stringify(entry) : asText(entry));
    }
    if (found === 0) say("No entry of the audit log matches.");
    return 0;
  },
};

type KeySettings = Pick<Config, "dataDir" | "secret" | "jwtSecret" | "jwksUrl">;

function keyOf(word: string, { dataDir, secret, jwtSecret, jwksUrl }: KeySettings): string {
  const userId = readUserId(word, (jwtSecret ?? jwksUrl) === undefined ? "phone" : "host");
  if (userId === undefined) throw new UsageError(`'${word}' is no number of 3 to 15 digits`);
  const ownSecret = findServerSecret(dataDir, secret);
  if (ownSecret !== undefined) return pseudonymOf(userId, ownSecret);
  throw new Error(`${dataDir} has no server-secret, by which numbers are found; set ECHOO_SECRET as for the server`);
}

function eventOf(name: string): AuditEvent {
  if (Object.hasOwn(auditEvents, name)) return name as AuditEvent;
  throw new UsageError(`there is no event '${name}'; echoo audit --help lists them`);
}

function isWanted(entry: AuditEntry, { userKey, sinceMs, event }: Wanted): boolean {
  if (userKey !== undefined && entry.userKey !== userKey && entry.otherKey !== userKey) return false;
  if (event !== undefined && entry.event !== event) return false;
  return Date.parse(entry.time) >= sinceMs;
}

/** One line for people. What others chose, such as a device's name, may not steer the terminal. */
function asText(entry: AuditEntry): string {
  const { time, event, outcome, user, other, how, code, address, device, note, count, sources, requestId } = entry;
  const parts = [
    time,
    event.padEnd(19),
    ...(user === undefined ? [] : [user]),
    ...(other === undefined ? [] : [`→ ${other}`]),
    ...(outcome === "refused" ? [`refused: ${code}`] : []),
    ...(how === undefined ? [] : [`by ${how}`]),
    ...(address === undefined ? [] : [`from ${address}`]),
    ...(device === undefined ? [] : [`device "${device}"`]),
    ...(count === undefined ? [] : [`× ${count}${sources === undefined ? "" : ` from ${sources} sources`}`]),
    ...(note === undefined ? [] : [note]),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ];
  return parts.join("  ").replace(/\p{C}/gu, "\ufffd");
}
