import type { Accounts } from "@echoo/accounts";
import type { Log } from "@echoo/core";
import { isProbe, Refusal } from "@echoo/protocol";
import type { RequestHandler } from "express";
import { type RefusalDeps, replyWithError } from "../replies/refusal-reply.ts";
import { contextOf } from "./request-context.ts";

interface OwnHostDeps extends RefusalDeps {
  readonly accounts: Pick<Accounts, "ownHosts" | "observe">;
  readonly logger: Log<"warn" | "error">;
}

/**
 * Refuses what is for another host before anything looks at it, open access included: a page that has its own name
 * resolve here can send any header. Probes say nothing but that the server is there, and what balances load between
 * servers calls them as it likes: those are answered, and seen by nothing else.
 */
export function requireOwnHost(deps: OwnHostDeps): RequestHandler {
  const { accounts } = deps;
  return (request, response, next) => {
    const { facts, client } = contextOf(response);
    const { host } = facts.headers;
    if (accounts.ownHosts.isOwn(host)) {
      accounts.observe(facts, client);
      next();
    } else if (isProbe(request)) {
      next();
    } else {
      deps.logger.warn({ host }, "a request for another host was refused; see ECHOO_HOSTS");
      replyWithError(deps, response, new Refusal("unknown_host"));
    }
  };
}
