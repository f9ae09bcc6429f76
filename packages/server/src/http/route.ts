import type { Clock, Log, Store } from "@echoo/core";
import {
  type BodyOf,
  isCountedByAddress,
  issueDetails,
  needsToken,
  type OperationId,
  type ParamsOf,
  type QueryOf,
  Refusal,
  type ReplyOf,
  type RestRow,
  restContract,
  type SuccessStatusOf,
} from "@echoo/protocol";
import type { Express, Request, Response } from "express";
import type { z } from "zod";
import type { Metrics } from "../observability/metrics.ts";
import { requireAdmin } from "./admin/require-admin.ts";
import { type RefusalDeps, replyWithError } from "./replies/refusal-reply.ts";
import { ReaderGone, requireReaderOf, type StreamedReply, sendStream } from "./replies/reply-stream.ts";
import { type AuthenticationDeps, authenticate, type Caller } from "./requests/authenticate.ts";
import { readJson, requireJson } from "./requests/json-body.ts";
import { contextOf, type RequestContext } from "./requests/request-context.ts";
import type { RequestLimits } from "./requests/request-limits.ts";

/** A request as its handler gets it: valid against the contract, and from a client that may ask. */
interface RestRequest<Id extends OperationId> extends RequestContext {
  readonly params: ParamsOf<Id>;
  readonly query: QueryOf<Id>;
  readonly body: BodyOf<Id>;
  readonly caller: Caller;
  /** Throws `ReaderGone` once the client went away: for handlers that do much for an answer. */
  readonly requireReader: () => void;
}

/** Gives the reply, or throws a Refusal; anything else thrown is a fault of ours. */
type Handler<Id extends OperationId> = (request: RestRequest<Id>) => Promise<ReplyOf<Id>>;

/** Handlers by operationId; the type demands one for each endpoint that it names. */
export type Handlers<Ids extends OperationId> = { readonly [Id in Ids]: Handler<Id> };

/** Handlers that write their body as they read it: that it has the contract's shape is for a test to hold. */
export type StreamingHandlers<Ids extends OperationId> = {
  readonly [Id in Ids]: (request: RestRequest<Id>) => Promise<StreamedReply<SuccessStatusOf<Id>>>;
};
type AnyHandler<Id extends OperationId> = (
  request: RestRequest<Id>,
) => Promise<ReplyOf<Id> | StreamedReply<SuccessStatusOf<Id>>>;
export type AnyHandlers<Ids extends OperationId> = { readonly [Id in Ids]: AnyHandler<Id> };

interface RouteDeps extends AuthenticationDeps, RefusalDeps {
  readonly store: Pick<Store, "users">;
  readonly clock: Clock;
  readonly logger: Log<"debug" | "error">;
  readonly metrics: Pick<Metrics, "httpRequest" | "refused">;
  readonly limits: RequestLimits;
}

export function addRoutes<Ids extends OperationId>(app: Express, deps: RouteDeps, handlers: AnyHandlers<Ids>): void {
  for (const id of Object.keys(handlers) as Ids[]) route(app, deps, id, handlers[id]);
}

/** Serves one endpoint of the contract. Cheap checks come first: no body is read before its client may send one. */
function route<Id extends OperationId>(app: Express, deps: RouteDeps, id: Id, handle: AnyHandler<Id>): void {
  const row: RestRow = restContract[id];
  const method = row.method.toLowerCase() as "get" | "post" | "put" | "delete";
  app[method](row.path, async (request, response, next) => {
    // A name that is left out at the end, as in `/sessions/`, must not delete more than the one thing that was meant.
    if (method === "delete" && request.path.endsWith("/")) return next();
    response.set("Cache-Control", "no-store");
    try {
      const valid = await readRequest(deps, row, request, response);
      const reply = await keepingRefusals(deps, row, valid, handle(valid as RestRequest<Id>));
      if ("stream" in reply) await sendStream(response, reply, deps.clock);
      else response.status(reply.status).json(reply.body);
    } catch (thrown) {
      if (thrown instanceof ReaderGone) response.destroy();
      else replyWithError(deps, response, thrown);
    }
    logRequest(deps, row, response);
  });
}

/** Where a token or what is in the body says who speaks, a request with neither is nobody's. */
function namesNoSender({ auth, body, method }: RestRow, { headers }: Request): boolean {
  const mayBeEmpty = auth === "none" && method === "POST" && body?.safeParse(undefined).success === true;
  return mayBeEmpty && headers.authorization === undefined && headers["content-type"] === undefined;
}

async function readRequest(
  deps: RouteDeps,
  row: RestRow,
  request: Request,
  response: Response,
): Promise<RestRequest<OperationId>> {
  const context = contextOf(response);
  if (isCountedByAddress(row)) await deps.limits.countClient(context.client);
  if (namesNoSender(row, request)) throw new Refusal("unauthorized");
  // Without the token that it needs, a request changes nothing, whatever it carries.
  if (!needsToken(row) || request.headers.authorization !== undefined) requireJson(request);
  const caller = await authenticate(deps, context, row);
  if (caller.kind === "user") await deps.limits.countUser(caller.userId);
  // What only administrators may ask is answered to them alone, before anything is looked at. A pass of the operator's
  // is taken by rows that say so alone.
  if (row.auth === "admin" && caller.kind !== "operator") {
    await keepingRefusals(deps, row, { ...context, caller }, requireAdmin(deps.store, caller));
  }
  const params = parse(row.params, request.params);
  const query = parse(row.query, request.query);
  const isKnown = caller.kind === "user" || caller.kind === "operator";
  const maxBytes = isKnown ? row.maxBodyBytes : row.maxTokenlessBodyBytes;
  const body = row.body && parse(row.body, await readJson(request, maxBytes));
  const requireReader = () => requireReaderOf(response);
  return { ...context, caller, params, query, body, requireReader } as RestRequest<OperationId>;
}

/**
 * A user who reaches for what belongs to another leaves a trace in the audit log. What needs no token keeps its own
 * account.
 */
async function keepingRefusals<T>(
  { audit }: RouteDeps,
  { auth, method, path }: RestRow,
  { caller, address, requestId }: Pick<RestRequest<OperationId>, "caller" | "address" | "requestId">,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (auth !== "none" && caller.kind === "user" && thrown instanceof Refusal && thrown.code === "forbidden") {
      const what = { refusal: thrown.code, note: `${method} ${path}` };
      audit.note("access_refused", { user: caller.userId, address, requestId, ...what });
    }
    throw thrown;
  }
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal("invalid", { details: issueDetails(result.error) });
}

function logRequest({ logger, metrics, clock }: RouteDeps, row: RestRow, response: Response): void {
  const { requestId, startedAtMs, address } = contextOf(response);
  const durationMs = clock.steady() - startedAtMs;
  const status = response.statusCode;
  metrics.httpRequest(row.method, row.path, status, durationMs / 1000);
  logger.debug({ requestId, address, method: row.method, path: row.path, status, durationMs }, "request");
}
