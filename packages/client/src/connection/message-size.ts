import { type ClientMessage, errorSentences, frameBytesOf, type ServerMessageByType } from "@echoo/protocol";

/** How many bytes the message takes on the wire. */
export function bytesOf(message: ClientMessage): number {
  return new TextEncoder().encode(JSON.stringify(message)).length;
}

/** Whether no server takes it, so that sending it, now or again, would only cost the messages behind it. */
export function isTooLarge(message: ClientMessage): boolean {
  return bytesOf(message) > frameBytesOf(message.type);
}

/** What the server says, or would say, of such a message. */
export function tooLargeRefusal(message: ClientMessage): ServerMessageByType<"error"> {
  const callId = "callId" in message ? message.callId : undefined;
  return {
    type: "error",
    code: "payload_too_large",
    message: `${errorSentences.payload_too_large} (${message.type})`,
    ...(message.id === undefined ? {} : { id: message.id }),
    ...(callId === undefined ? {} : { callId }),
  };
}
