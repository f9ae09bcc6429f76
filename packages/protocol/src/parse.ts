import { z } from "zod";
import { type ClientMessage, clientEnvelope, clientMessages } from "./client-messages.ts";
import type { RefusalDetail } from "./errors.ts";
import { limits } from "./limits.ts";
import type { LimitFamily, MessageRow } from "./message.ts";
import { type ServerMessage, serverEnvelope, serverMessages } from "./server-messages.ts";

export type Parsed<M> =
  | { readonly ok: true; readonly message: M }
  | {
      readonly ok: false;
      readonly code: "invalid" | "unknown_type";
      readonly details: readonly RefusalDetail[];
      /** The id and type of the refused message where it had usable ones, so that the refusal can name it. */
      readonly id?: string;
      readonly type?: string;
    };

type Schemas = ReadonlyMap<string, z.ZodObject>;

function schemasOf(table: Readonly<Record<string, MessageRow>>, envelope: z.ZodRawShape): Schemas {
  // A map, not an object: `constructor` and `__proto__` are not types.
  return new Map(
    Object.entries(table).map(([type, row]) => [type, z.object({ type: z.literal(type), ...row.fields, ...envelope })]),
  );
}

export const clientSchemas: Schemas = schemasOf(clientMessages, clientEnvelope);
export const serverSchemas: Schemas = schemasOf(serverMessages, serverEnvelope);

/** Reads one text frame from a client. Never throws. */
export function parseClientMessage(frame: string): Parsed<ClientMessage> {
  return parseFrame<ClientMessage>(frame, clientSchemas);
}

/** Reads one text frame from the server. Never throws. */
export function parseServerMessage(frame: string): Parsed<ServerMessage> {
  return parseFrame<ServerMessage>(frame, serverSchemas);
}

/** The token bucket that a message is counted in; unknown types count among the rest. */
export function limitFamily(type: string): LimitFamily {
  return Object.hasOwn(clientMessages, type) ? clientMessages[type as keyof typeof clientMessages].family : "other";
}

function parseFrame<M>(frame: string, schemas: Schemas): Parsed<M> {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return { ok: false, code: "invalid", details: [{ path: "", message: "not JSON" }] };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, code: "invalid", details: [{ path: "", message: "not a JSON object" }] };
  }
  const { type, id } = value as { type?: unknown; id?: unknown };
  const known = { ...namedId(id), ...(typeof type === "string" ? { type } : {}) };
  const schema = typeof type === "string" ? schemas.get(type) : undefined;
  if (schema === undefined) {
    const code = typeof type === "string" ? "unknown_type" : "invalid";
    return { ok: false, code, details: [{ path: "type", message: "no such message type" }], ...known };
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, message: result.data as M };
  return { ok: false, code: "invalid", details: issueDetails(result.error), ...known };
}

function namedId(id: unknown): { id?: string } {
  return typeof id === "string" && id.length > 0 && id.length <= limits.messageIdChars ? { id } : {};
}

/** What is wrong, path by path, at most ten of them. */
export function issueDetails(error: z.ZodError): RefusalDetail[] {
  return error.issues.slice(0, 10).map((issue) => ({ path: issue.path.join("."), message: issue.message }));
}
