import {
  type Accounts,
  type AuditPage,
  type AuditPageQuery,
  type AuditPosition,
  auditEvents,
  pseudonymOf,
  readAuditPage,
} from "@echoo/accounts";
import { InvalidCursor } from "@echoo/core";
import { type AdminSetting, type AuditEntryBody, limits } from "@echoo/protocol";
import { parseUserId } from "../requests/acting-user.ts";
import type { Handlers } from "../route.ts";
import type { LookNotes } from "./look-notes.ts";

/** The audit log as administrators read it. */
export interface AuditReader {
  /** `userId`: entries by this user, and about them. */
  page(query: Omit<AuditPageQuery, "userKey"> & { readonly userId?: string }): Promise<AuditPage>;
}

/** Reads the log of this data folder; numbers are found in it by the server's secret. */
export function auditReaderOf(folder: string, secret: string): AuditReader {
  return {
    page({ userId, ...query }) {
      const whose = userId === undefined ? {} : { userKey: pseudonymOf(userId, secret) };
      return readAuditPage(folder, { ...query, ...whose });
    },
  };
}

export interface AdminServiceDeps {
  readonly accounts: Pick<Accounts, "userIdRule">;
}

interface ServiceFacts {
  readonly auditReader: AuditReader;
  /** Without secrets. */
  readonly settingsInForce: () => readonly AdminSetting[];
}

export function adminServiceRoutes(
  deps: AdminServiceDeps,
  looks: LookNotes,
  { auditReader, settingsInForce }: ServiceFacts,
): Handlers<"adminListSettings" | "adminListAudit"> {
  return {
    adminListSettings: async () => ({ status: 200, body: { settings: [...settingsInForce()] } }),

    adminListAudit: async ({ query, ...asked }) => {
      const { phone, event, since, until, limit, cursor } = query;
      const userId = phone === undefined ? undefined : parseUserId(deps, "phone", phone);
      looks.note(asked, { event: "admin_looked_at_audit", other: userId, note: "the log" });
      const { entries, next } = await auditReader.page({
        limit,
        looked: limits.adminLooked,
        ...(userId === undefined ? {} : { userId }),
        ...(event === undefined ? {} : { event }),
        ...(since === undefined ? {} : { sinceMs: since }),
        ...(until === undefined ? {} : { untilMs: until }),
        ...(cursor === undefined ? {} : { from: decodePosition(cursor) }),
      });
      const more = next === undefined ? {} : { nextCursor: encodePosition(next) };
      return {
        status: 200,
        body: { entries: entries.map(entryBody), events: { ...auditEvents }, ...more },
      };
    },
  };
}

/** The log's own names for numbers are for commands: with them one number's entries are told apart from another's. */
function entryBody({ userKey, otherKey, ...shown }: AuditPage["entries"][number]): AuditEntryBody {
  return shown;
}

function encodePosition({ file, before }: AuditPosition): string {
  return Buffer.from(JSON.stringify([file, before])).toString("base64url");
}

function decodePosition(cursor: string): AuditPosition {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const [file, before] = Array.isArray(decoded) ? (decoded as unknown[]) : [];
    if (typeof file === "string" && Number.isSafeInteger(before) && (before as number) >= 0) {
      return { file, before: before as number };
    }
  } catch (error) {
    throw new InvalidCursor(error);
  }
  throw new InvalidCursor();
}
