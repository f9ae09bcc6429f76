import { type Accounts, type ClientAddress, type ConnectionFacts, factsOf } from "@echoo/accounts";
import type { Clock, Ids, Steady } from "@echoo/core";
import { Refusal, type RefusalDetail } from "@echoo/protocol";
import type { RequestHandler, Response } from "express";

/** What every request has from its first moment on. */
export interface RequestContext {
  /** Names the request in the log and in what its sender is told. */
  readonly requestId: string;
  readonly facts: ConnectionFacts;
  /** Where it comes from, as far as trusted proxies tell. */
  readonly client: ClientAddress;
  /** The client's, for logs. */
  readonly address: string;
  readonly startedAtMs: Steady;
}

const contexts = new WeakMap<Response, RequestContext>();

interface BeginningDeps {
  readonly ids: Pick<Ids, "callId">;
  readonly accounts: Pick<Accounts, "clientOf">;
  readonly clock: Pick<Clock, "steady">;
}

/** The first of all steps: whatever goes wrong later can be named. */
export function beginRequest({ ids, accounts, clock }: BeginningDeps): RequestHandler {
  return (request, response, next) => {
    const facts = factsOf(request);
    const requestId = ids.callId();
    const client = accounts.clientOf(facts);
    contexts.set(response, { requestId, facts, client, address: client.address, startedAtMs: clock.steady() });
    response.set("X-Request-Id", requestId);
    next();
  };
}

export function contextOf(response: Response): RequestContext {
  const context = contexts.get(response);
  if (context === undefined) throw new Error("a request without a beginning");
  return context;
}

export function invalid(path: string, message: string): Refusal {
  const details: readonly RefusalDetail[] = [{ path, message }];
  return new Refusal("invalid", { details });
}
