import { z } from "zod";
import type { ErrorCode } from "../browser/error-sentences.ts";
import { limits } from "../limits.ts";

/**
 * Who may call an endpoint. `token`: a bearer token. `open`: a bearer token, or a request covered by open access.
 * `admin`: a bearer token of an administrator. `none`: any client; the endpoint itself may ask for a code or an invitation.
 * A token that is sent where none is needed counts all the same, and a wrong one is refused.
 */
export type RestAuth = "token" | "open" | "admin" | "none";
export type RestMethod = "GET" | "POST" | "PUT" | "DELETE";
export type RestTag =
  | "Accounts"
  | "People"
  | "Push"
  | "Calls"
  | "Statistics"
  | "Administration"
  | "Service"
  | "Android app";
type ContentType = "application/json" | "application/x-ndjson" | "text/html" | "text/plain";
type Responses = Readonly<Record<number, z.ZodType>>;

/** One endpoint: server handlers, the SDK, OpenAPI and the reference page are made from it. */
export interface RestRow<
  Id extends string = string,
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Replies extends Responses = Responses,
> {
  readonly operationId: Id;
  readonly method: RestMethod;
  /** As Express writes it: `/api/users/:phone`. */
  readonly path: string;
  readonly tag: RestTag;
  readonly auth: RestAuth;
  /** The operator's metrics token counts here as well; elsewhere it is no token at all. */
  readonly takesMetricsToken: boolean;
  /** So does what a command on the server's own machine shows. */
  readonly takesPass: boolean;
  readonly doc: string;
  readonly params: Params;
  /** Values arrive as strings; the schema gives numbers and refuses what is none. */
  readonly query: Query;
  /** Absent where a body means nothing; a schema that takes undefined where it may be left out. */
  readonly body: Body;
  readonly maxBodyBytes: number;
  /** The same of a request that came without a token: no user can be held to what reading it costs. */
  readonly maxTokenlessBodyBytes: number;
  /** What success looks like, by status. */
  readonly responses: Replies;
  readonly contentType: ContentType;
  /** Every refusal that the endpoint may give; their statuses are in the table of errors. */
  readonly errors: readonly ErrorCode[];
}

type NoFields = z.ZodObject<Record<never, never>>;

interface RestSpec<Id, Params, Query, Body, Replies> {
  readonly operationId: Id;
  readonly method: RestMethod;
  readonly path: string;
  readonly tag: RestTag;
  readonly auth: RestAuth;
  readonly takesMetricsToken?: boolean;
  readonly takesPass?: boolean;
  readonly doc: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly maxBodyBytes?: number;
  readonly responses: Replies;
  readonly contentType?: ContentType;
  /** Those besides the ones that follow from method, path and auth. */
  readonly errors?: readonly ErrorCode[];
}

/** Declares one endpoint. The refusals that every endpoint of its kind gives are added here, once. */
export function endpoint<
  const Id extends string,
  Replies extends Responses,
  Params extends z.ZodObject = NoFields,
  Query extends z.ZodObject = NoFields,
  Body extends z.ZodType | undefined = undefined,
>(spec: RestSpec<Id, Params, Query, Body, Replies>): RestRow<Id, Params, Query, Body, Replies> {
  return {
    operationId: spec.operationId,
    method: spec.method,
    path: spec.path,
    tag: spec.tag,
    auth: spec.auth,
    takesMetricsToken: spec.takesMetricsToken ?? false,
    takesPass: spec.takesPass ?? false,
    doc: spec.doc,
    params: spec.params ?? (z.object({}) as unknown as Params),
    query: spec.query ?? (z.object({}) as unknown as Query),
    body: spec.body as Body,
    maxBodyBytes: spec.maxBodyBytes ?? limits.restBodyBytes,
    // Where a token is needed there is no such request.
    maxTokenlessBodyBytes: needsToken(spec) ? 0 : limits.tokenlessBodyBytes,
    responses: spec.responses,
    contentType: spec.contentType ?? "application/json",
    errors: [...new Set([...impliedErrors(spec), ...(spec.errors ?? [])])],
  };
}

/** Whether it is part of the API itself, rather than a probe or a page beside it. */
function isOfApi({ path, tag }: Pick<RestRow, "path" | "tag">): boolean {
  return path.startsWith("/api/") || tag === "Android app";
}

/** Whether no request without a token is heard at all. */
export function needsToken({ auth }: Pick<RestRow, "auth">): boolean {
  return auth === "token" || auth === "admin";
}

/** Whether it is asked for by whatever keeps the server running, which says no more than that it is. */
export function isProbe({ path }: Pick<RestRow, "path">): boolean {
  return path === "/livez" || path === "/readyz";
}

/** Whether requests are counted by their address: all of the API, but for what monitors ask again and again. */
export function isCountedByAddress(row: Pick<RestRow, "path" | "tag">): boolean {
  return isOfApi(row) && !row.path.endsWith("/health");
}

function impliedErrors(
  spec: Pick<RestSpec<string, unknown, unknown, unknown, unknown>, "method" | "path" | "tag" | "auth">,
) {
  const codes: ErrorCode[] = ["internal"];
  // A token that is sent is looked up wherever it comes, and the database may be away.
  if (isOfApi(spec)) codes.push("invalid", "unauthorized", "rate_limited", "unavailable");
  if (spec.auth !== "none") codes.push("unauthorized");
  if (spec.auth === "admin") codes.push("forbidden");
  if (spec.path.includes(":")) codes.push("forbidden", "not_found");
  if (spec.method !== "GET") codes.push("payload_too_large", "unsupported_media_type");
  return codes;
}
