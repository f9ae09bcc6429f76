import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  AuditFile,
  AuditLog,
  codeHash,
  findServerSecret,
  handOverCode,
  type Invitation,
  makeInvitation,
} from "@echoo/accounts";
import { cleanName, limits, normalisePhone } from "@echoo/protocol";
import { readHolder } from "@echoo/storage";
import { randomCode, randomSecret, systemClock } from "../composition/platform.ts";
import type { Config } from "../config/read-config.ts";
import { describeLink, inviteLink } from "../console/invite-link.ts";
import { type AddressSettings, publicAddress } from "../console/public-address.ts";
import { type Command, type CommandInput, UsageError } from "./command.ts";

interface NotedInvitation extends Pick<CommandInput, "say"> {
  readonly dataDir: string;
  readonly secret: string;
  readonly other: string | undefined;
  readonly admin: boolean;
}

export const invite: Command = {
  name: "invite",
  usage: "[number] [--name <name>] [--admin]",
  summary: "Makes an invitation: a link, good once and for 15 minutes, and its QR code.",
  details: [
    "With a number it signs in as that number alone, whether it is known already or not, and has a code of six",
    "digits besides, which does the same where a code is asked for, as in the Android app. Without one it is for",
    "anybody new. --admin makes an administrator, --name suggests what they are called.",
    "",
    "The server need not run. Run it where the server does: it needs the same ECHOO_DATA or ECHOO_SECRET. The link",
    "is made of ECHOO_PUBLIC_URL; else of where the server runs that has the data folder, HTTPS and port included;",
    "else of this machine's address and PORT. The link alone goes to the standard output, so that it can be piped.",
  ],
  flags: { name: { type: "string" }, admin: { type: "boolean" } },
  async run({ words, flags, config, print, say }) {
    const phone = parseUserId(words);
    const displayName = nameOf(flags);
    const settings = config();
    const [secret, address] = [secretOf(settings), addressOf(settings)];
    const admin = flags.admin === true;
    const nowMs = systemClock.now();
    const { token, invitation } = makeInvitation({ phone, displayName, admin }, { secret, randomSecret, nowMs });
    const link = inviteLink(address, token);
    const code = phone === undefined || admin ? undefined : handOver({ ...settings, secret }, phone, invitation);
    noteInvitation({ dataDir: settings.dataDir, secret, other: phone, admin, say });
    say(admin ? "An invitation for an administrator:" : "An invitation:");
    print(link);
    for (const line of describeLink(link, invitation.expiresAtMs, process.stderr.isTTY)) say(line);
    if (code !== undefined) say(`In the Android app, or where a code is asked for: ${code}, instead of the link.`);
    return 0;
  },
};

/** A code for the number, left where the server finds it. Away from the data folder there is the link alone. */
function handOver(place: Pick<Config, "dataDir"> & { secret: string }, phone: string, { id, expiresAtMs }: Invitation) {
  if (!existsSync(place.dataDir)) return undefined;
  const code = randomCode();
  const hash = codeHash(place.secret, "invited", phone, code);
  handOverCode(place, phone, { id, expiresAtMs, madeAtMs: systemClock.now(), hash });
  return code;
}

/** For the account that the server keeps. An invitation is good without: it may be made away from the data folder. */
function noteInvitation({ dataDir: folder, secret, other, admin, say }: NotedInvitation): void {
  const onFault = () => say("(The audit log could not be written: this invitation is not in it.)");
  const file = new AuditFile({ folder, clock: systemClock, onFault, rotates: false });
  new AuditLog({ clock: systemClock, file, secret }).note("invitation_made", {
    how: "command line",
    other,
    ...(admin ? { note: "for an administrator" } : {}),
  });
}

function parseUserId(words: readonly string[]): string | undefined {
  // A number with spaces in it arrives as several words.
  if (words.length === 0) return undefined;
  const number = normalisePhone(words.join(""));
  if (number === undefined) throw new UsageError(`'${words.join(" ")}' is no phone number of 3 to 15 digits`);
  return number;
}

function nameOf({ name }: CommandInput["flags"]): string | undefined {
  const text = typeof name === "string" ? cleanName(name) : undefined;
  if (text === "" || (text !== undefined && text.length > limits.displayNameChars)) {
    throw new UsageError(`--name takes 1 to ${limits.displayNameChars} characters that can be seen`);
  }
  return text;
}

/** A secret made here would sign links that the server does not accept. */
function secretOf({ dataDir, secret }: Pick<Config, "dataDir" | "secret">): string {
  const found = findServerSecret(dataDir, secret);
  if (found !== undefined) return found;
  throw new Error(
    `${resolve(dataDir)} holds no server-secret, so a link from here would be refused. Run this in the folder where` +
      " the server runs, or set ECHOO_DATA to its data folder (or ECHOO_SECRET to its secret). A server that never" +
      " started has none yet: start it once.",
  );
}

/** A running server knows best where it is; its settings need not be repeated here. */
function addressOf(settings: AddressSettings & Pick<Config, "dataDir" | "port">): string {
  const running = settings.publicUrl === undefined ? readHolder(settings.dataDir)?.address : undefined;
  if (running !== undefined) return running;
  if (settings.publicUrl === undefined && settings.port === 0) {
    throw new Error("PORT=0 takes any free port, which cannot be known here: set ECHOO_PUBLIC_URL, or PORT");
  }
  return publicAddress(settings, { port: settings.port });
}
