import type { CloseCode, ServerMessage } from "@echoo/protocol";

/** A session's way to its client: one socket. */
export interface Link {
  /** Queues one message and tells how many characters it came to. Never throws, never waits. */
  send(message: ServerMessage): number;
  /** Likewise one that is written already: the text is the message with its number, for a client that resumes. */
  sendText(text: string, message: ServerMessage): void;
  /** Says goodbye in the way this client bears, and cuts within a second. */
  close(code: CloseCode, retryInMs?: number): void;
  /** The address that the client comes from, where that is known. */
  readonly network?: string | undefined;
  /** How long nothing has arrived from the client. */
  readonly silentMs: number;
  /** Whether what the client says is heard at the moment: one that is over its limits waits. */
  readonly isReading: boolean;
  /** Asks the client for a sign of life. Never throws, never waits. */
  ping(): void;
}
