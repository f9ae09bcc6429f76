import { z } from "zod";
import { frameBytesOf } from "./browser/client-limits.ts";
import { type ClientMessage, clientEnvelope, clientMessages } from "./client-messages.ts";
import type { RefusalDetail } from "./errors.ts";
import { evenly } from "./evenly.ts";
import { isTooDeep } from "./json-depth.ts";
import { limits } from "./limits.ts";
import type { LimitFamily, MessageRow } from "./message.ts";
import { type ServerMessage, serverEnvelope, serverMessages } from "./server-messages.ts";

/** The id, number and type of a refused message where it had usable ones, so that the refusal can name it. */
export interface MessageName {
  readonly id?: string;
  readonly n?: number;
  readonly type?: string;
}

interface Refused extends MessageName {
  readonly ok: false;
  readonly code: "invalid" | "unknown_type" | "payload_too_large";
  readonly details: readonly RefusalDetail[];
}

export type Parsed<M> = { readonly ok: true; readonly message: M } | Refused;

type Schemas = ReadonlyMap<string, z.ZodObject>;

function schemasOf(table: Readonly<Record<string, MessageRow>>, envelope: z.ZodRawShape): Schemas {
  // A map, not an object: `constructor` and `__proto__` are not types.
  return new Map(
    Object.entries(table).map(([type, row]) => [type, z.object({ type: z.literal(type), ...row.fields, ...envelope })]),
  );
}

export const clientSchemas: Schemas = schemasOf(clientMessages, clientEnvelope);
export const serverSchemas: Schemas = schemasOf(serverMessages, serverEnvelope);

/** Reads one text frame from a client; `bytes` is what it took on the wire. Never throws. */
export function parseClientMessage(frame: string, bytes: number = frame.length): Parsed<ClientMessage> {
  const read = readObject(frame);
  if (!read.ok) return read;
  const { value, name } = read;
  if (bytes > frameBytesOf(name.type ?? "")) return tooLarge(name);
  return check<ClientMessage>(name.type === "callStats" ? withSamplesThatFit(value) : value, name, clientSchemas);
}

/** Reads one text frame from the server. Never throws. */
export function parseServerMessage(frame: string): Parsed<ServerMessage> {
  const read = readObject(frame);
  return read.ok ? check<ServerMessage>(read.value, read.name, serverSchemas) : read;
}

/** The refusal of a message that is larger than those of its type may be. */
export function tooLarge(name: MessageName): Refused {
  const bytes = `at most ${frameBytesOf(name.type ?? "")} bytes`;
  const message = name.type === undefined ? bytes : `${bytes} for ${name.type}`;
  return { ok: false, code: "payload_too_large", details: [{ path: "", message }], ...name };
}

/** The token bucket that a message is counted in; unknown types count among the rest. */
export function limitFamily(type: string): LimitFamily {
  return Object.hasOwn(clientMessages, type) ? clientMessages[type as keyof typeof clientMessages].family : "other";
}

function readObject(frame: string): { ok: true; value: object; name: MessageName } | Refused {
  if (isTooDeep(frame)) {
    return { ok: false, code: "invalid", details: [{ path: "", message: "too many levels" }] };
  }
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return { ok: false, code: "invalid", details: [{ path: "", message: "not JSON" }] };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, code: "invalid", details: [{ path: "", message: "not a JSON object" }] };
  }
  const { type, id, n } = value as { type?: unknown; id?: unknown; n?: unknown };
  const number = clientEnvelope.n.safeParse(n).data;
  const name = {
    ...namedId(id),
    ...(number === undefined ? {} : { n: number }),
    ...(typeof type === "string" ? { type } : {}),
  };
  return { ok: true, value, name };
}

function check<M>(value: object, name: MessageName, schemas: Schemas): Parsed<M> {
  const schema = name.type === undefined ? undefined : schemas.get(name.type);
  if (schema === undefined) {
    const code = name.type === undefined ? "invalid" : "unknown_type";
    return { ok: false, code, details: [{ path: "type", message: "no such message type" }], ...name };
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, message: result.data as M };
  return { ok: false, code: "invalid", details: issueDetails(result.error), ...name };
}

/** A report of more samples than fit is thinned out evenly, so that it still covers the whole call. */
function withSamplesThatFit(value: object): object {
  const { samples } = value as { samples?: unknown };
  if (!Array.isArray(samples) || samples.length <= limits.reportedSamples) return value;
  return { ...value, samples: evenly(samples, limits.reportedSamples) };
}

function namedId(id: unknown): { id?: string } {
  return typeof id === "string" && id.length > 0 && id.length <= limits.messageIdChars ? { id } : {};
}

/** What is wrong, path by path, at most ten of them. */
export function issueDetails(error: z.ZodError): RefusalDetail[] {
  return error.issues.slice(0, 10).map((issue) => ({ path: issue.path.join("."), message: issue.message }));
}
