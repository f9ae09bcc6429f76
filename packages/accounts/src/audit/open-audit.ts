import type { Clock, Log, SettledNow } from "@echoo/core";
import type { AccountsSettings } from "../accounts-settings.ts";
import type { Audit } from "./audit.ts";
import { AuditFile } from "./audit-file.ts";
import { AuditLog } from "./audit-log.ts";

export type AuditedSettings = Pick<
  AccountsSettings,
  "production" | "proof" | "jwtSecret" | "jwksUrl" | "legacyJoin" | "rateLimits"
>;

interface OpenAuditOptions {
  readonly folder: string;
  readonly settings: AuditedSettings;
  readonly clock: Clock;
  readonly settled: SettledNow;
  readonly logger: Log<"info" | "error">;
  /** The server's own. */
  readonly secret: string;
}

/** The server's audit log. */
export interface OpenAudit extends Audit {
  /** False while entries are lost: its disk is full, or the file may not be written. The server serves all the same. */
  readonly isWell: boolean;
  /** Notes that the server listens; `access` says in words what is open. */
  started(version: string, access: string): void;
  /** Notes the end, after whatever was only counted so far. */
  close(): void;
}

export function openAudit({ folder, settings, clock, settled, logger, secret }: OpenAuditOptions): OpenAudit {
  const file = new AuditFile({
    folder,
    clock,
    settled,
    onFault: (err) => {
      if (err === undefined) logger.info({}, "the audit log can be written again");
      else logger.error({ err }, "the audit log (audit.log in ECHOO_DATA) cannot be written: its entries are lost");
    },
  });
  const log = new AuditLog({ clock, file, secret });
  let isListening = false;
  return {
    note: (event, facts) => log.note(event, facts),
    get isWell() {
      return file.isWell;
    },
    started(version, access) {
      isListening = true;
      log.note("server_started", { note: `Echoo ${version}. ${describe(settings)} ${access}` });
    },
    close() {
      log.writeSums();
      if (isListening) log.note("server_stopped", {});
      file.close();
    },
  };
}

/** The settings that decide who gets in, as a sentence; none of their secrets. */
function describe({ production, proof, jwtSecret, jwksUrl, legacyJoin, rateLimits }: AuditedSettings): string {
  const parts = [
    production ? "production" : "development",
    `proof by ${proof}`,
    ...(jwtSecret === undefined && jwksUrl === undefined ? [] : ["tokens of the host product accepted"]),
    ...(legacyJoin === "off" ? [] : ["sockets let in from a known address"]),
    ...(rateLimits ? [] : ["no limits"]),
  ];
  return `${parts.join(", ")}.`;
}
