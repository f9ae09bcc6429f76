import { InvalidCursor, type Log, StoreUnavailable } from "@echoo/core";
import { type ErrorBody, errorTable, Refusal } from "@echoo/protocol";
import type { ErrorRequestHandler, Response } from "express";
import type { Metrics } from "../../observability/metrics.ts";
import { contextOf, invalid } from "../requests/request-context.ts";

/** How long a client waits before it asks again, where nothing better is known. */
const defaultRetryMs = 5000;

export interface RefusalDeps {
  readonly logger: Log<"error">;
  readonly metrics: Pick<Metrics, "refused">;
}

/** Answers with whatever was thrown: refusals as they are, anything else as a fault of ours that tells nothing. */
export function replyWithError(deps: RefusalDeps, response: Response, thrown: unknown): void {
  const { requestId } = contextOf(response);
  const refusal = asRefusal(thrown);
  if (refusal.code === "internal") deps.logger.error({ err: thrown, requestId }, "a request failed");
  deps.metrics.refused("http", refusal.code);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { http, retry } = errorTable[refusal.code];
  if (refusal.retryInMs !== undefined || (retry && (http === 429 || http === 503))) {
    response.set("Retry-After", String(Math.max(1, Math.ceil((refusal.retryInMs ?? defaultRetryMs) / 1000))));
  }
  if (http === 401) response.set("WWW-Authenticate", 'Bearer realm="echoo"');
  const details = refusal.details === undefined ? {} : { details: [...refusal.details] };
  const reason = refusal.reason === undefined ? {} : { reason: refusal.reason };
  const body: ErrorBody = { error: refusal.message, code: refusal.code, ...details, ...reason, requestId };
  response.status(http).json(body);
}

/** For what fails outside the routes: paths that cannot be decoded, and other people's routers. */
export function lastResort(deps: RefusalDeps): ErrorRequestHandler {
  return (error, _request, response, _next) => replyWithError(deps, response, error);
}

function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  if (thrown instanceof StoreUnavailable) return new Refusal("unavailable", { cause: thrown });
  if (thrown instanceof InvalidCursor) return invalid("cursor", "not one that a page gave out");
  return fromFramework(thrown) ?? new Refusal("internal", { cause: thrown });
}

/** What Express throws carries a status: an address that cannot be decoded. */
function fromFramework(thrown: unknown): Refusal | undefined {
  const isOfClient = thrown instanceof Error && "status" in thrown && thrown.status === 400;
  return isOfClient ? invalid("", "the address cannot be decoded") : undefined;
}
