import type { Clock, Instant } from "@echoo/core";
import type { RunningServer } from "../composition/start-server.ts";
import type { Config } from "../config/read-config.ts";
import { banner, type ShownConfig, startFields } from "./banner.ts";
import { describeFirstInvitation } from "./invite-link.ts";

/** Tells the operator at the start where things are, whatever ECHOO_LOG_LEVEL says. */
export interface Announcer {
  started(server: RunningServer): void;
  /** The administrator's first invitation. */
  invited(link: string, expiresAtMs: Instant): void;
}

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

interface Outputs {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: Pick<Clock, "now">;
}

/**
 * In development it is a page for people. In production the standard output is read by programs, and holds one JSON
 * object a line and nothing else; an operator who starts a production server in a terminal gets the page beside it.
 */
export function createAnnouncer(
  config: ShownConfig & Pick<Config, "production">,
  { stdout, stderr, clock }: Outputs,
): Announcer {
  const page = config.production ? stderr : stdout;
  const isTerminal = page.isTTY === true;
  const showsPage = !config.production || isTerminal;
  // Not through the log: it has a level, and shortens what looks like a telephone number in an address.
  const tell = (fields: object, msg: string) => {
    if (!config.production) return;
    const time = new Date(clock.now()).toISOString();
    stdout.write(`${JSON.stringify({ level: "info", time, ...fields, msg })}\n`);
  };
  return {
    started(server) {
      const { message, ...fields } = startFields(config, server);
      tell(fields, message);
      if (showsPage) page.write(`${banner(config, server, isTerminal)}\n`);
    },
    invited(link, expiresAtMs) {
      const expiresAt = new Date(expiresAtMs).toISOString();
      const message = "nobody is administrator yet: open this link, and enter your own number; it works once";
      tell({ link, expiresAt }, message);
      if (showsPage) page.write(`${describeFirstInvitation(link, expiresAtMs, isTerminal)}\n`);
    },
  };
}
