import { z } from "zod";
import { frameBytesOf } from "./browser/client-limits.ts";
import { type ClientMessage, clientEnvelope, clientMessages } from "./client-messages.ts";
import type { RefusalDetail } from "./errors.ts";
import { evenly } from "./evenly.ts";
import { limits } from "./limits.ts";
import type { LimitFamily, MessageRow } from "./message.ts";
import { readFrequent } from "./reading/frequent-messages.ts";
import { isTooDeep } from "./reading/json-depth.ts";
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
  const value = readObject(frame);
  if (typeof value === "string") return malformed(value);
  const { type } = value;
  if (bytes > frameBytesOf(typeof type === "string" ? type : "")) return tooLarge(nameOf(value));
  const message = readFrequent(value);
  if (message !== undefined) return { ok: true, message };
  return check<ClientMessage>(type === "callStats" ? withSamplesThatFit(value) : value, clientSchemas);
}

/** Reads one text frame from the server. Never throws. */
export function parseServerMessage(frame: string): Parsed<ServerMessage> {
  const value = readObject(frame);
  return typeof value === "string" ? malformed(value) : check<ServerMessage>(value, serverSchemas);
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

/** What a message may be as it comes; nothing of it is validated yet. */
interface RawMessage {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly n?: unknown;
  readonly samples?: unknown;
}

/** The object that a frame is, or what is wrong with it. */
function readObject(frame: string): RawMessage | string {
  if (isTooDeep(frame)) return "too many levels";
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return "not JSON";
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : "not a JSON object";
}

function malformed(message: string): Refused {
  return { ok: false, code: "invalid", details: [{ path: "", message }] };
}

function nameOf({ type, id, n }: RawMessage): MessageName {
  const number = clientEnvelope.n.safeParse(n).data;
  return {
    ...namedId(id),
    ...(number === undefined ? {} : { n: number }),
    ...(typeof type === "string" ? { type } : {}),
  };
}

function check<M>(value: RawMessage, schemas: Schemas): Parsed<M> {
  const schema = typeof value.type === "string" ? schemas.get(value.type) : undefined;
  if (schema === undefined) {
    const code = typeof value.type === "string" ? "unknown_type" : "invalid";
    return { ok: false, code, details: [{ path: "type", message: "no such message type" }], ...nameOf(value) };
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, message: result.data as M };
  return { ok: false, code: "invalid", details: issueDetails(result.error), ...nameOf(value) };
}

/** A report of more samples than fit is thinned out evenly, so that it still covers the whole call. */
function withSamplesThatFit(value: RawMessage): RawMessage {
  const { samples } = value;
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
