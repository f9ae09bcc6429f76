import {
  type ClientMessage,
  type ClientMessageType,
  type ErrorCode,
  errorTable,
  type ServerMessage,
} from "@echoo/protocol";
import type { Refused } from "../../call/step.ts";
import type { Session } from "../sessions/session.ts";

/** What a handler says of a message: nothing for "done", or why not. */
export type Reply = Refused | { readonly type: "done"; readonly callId?: string } | undefined;

/** Handles one type of message from a joined session; a promise where the database has to be asked first. */
export type Handler<T extends ClientMessageType> = (
  session: Session,
  message: Extract<ClientMessage, { type: T }>,
) => Reply | Promise<Reply>;

/** A refusal; without a call it names none. */
export function refused(code: ErrorCode, callId = "", retryInMs?: number): Refused {
  return { type: "refuse", code, callId, ...(retryInMs === undefined ? {} : { retryInMs }) };
}

/** The answer to a message: an ack where it asked for one, an error where it was refused. */
export function replyMessage(message: Pick<ClientMessage, "id">, reply: Reply): ServerMessage | undefined {
  if (reply?.type === "refuse")
    return { ...errorMessage(reply), ...(message.id === undefined ? {} : { id: message.id }) };
  if (message.id === undefined) return undefined;
  return { type: "ack", id: message.id, ...(reply?.callId === undefined ? {} : { callId: reply.callId }) };
}

function errorMessage(reply: Refused): ServerMessage & { type: "error" } {
  return {
    type: "error",
    code: reply.code,
    message: errorTable[reply.code].sentence,
    ...(reply.callId === "" ? {} : { callId: reply.callId }),
    ...(reply.state === undefined ? {} : { state: reply.state }),
    ...(reply.reason === undefined ? {} : { reason: reply.reason }),
    ...(reply.retryInMs === undefined ? {} : { retryInMs: Math.ceil(reply.retryInMs) }),
  };
}
