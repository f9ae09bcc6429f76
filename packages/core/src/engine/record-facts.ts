import type { FinishedCall } from "../call/call.ts";
import type { CallRecord } from "../call/record.ts";
import type { Services } from "../ports/services.ts";
import { sameNetwork } from "../verdict/same-network.ts";
import type { ServerFacts } from "../verdict/server-facts.ts";
import type { Session } from "./sessions/session.ts";

interface FactsContext {
  readonly sessions: { get(id: string): Session | undefined };
  readonly services: Pick<Services, "hasTurn">;
}

/**
 * The record with what the server knows at this moment and its verdict needs. What sessions of other nodes know is not
 * looked up: it stays unknown.
 */
export function withServerFacts(record: CallRecord, call: FinishedCall | undefined, context: FactsContext): CallRecord {
  const { sessions, services } = context;
  const [caller, callee] = (call?.devices ?? []).map(({ session }) => sessions.get(session));
  const isAnswered = record.answeredAtMs !== undefined;
  const server: ServerFacts = {
    ...record.server,
    turn: services.hasTurn,
    ...(isAnswered ? sameNetwork(caller?.network, callee?.network) : {}),
    ...(caller?.client === undefined ? {} : { callerClient: caller.client }),
    ...(!isAnswered || callee?.client === undefined ? {} : { calleeClient: callee.client }),
  };
  return { ...record, server };
}
