/** A one-time code on its way to the owner of the number. */
export interface CodeToSend {
  readonly phone: string;
  readonly code: string;
  readonly expiresInSec: number;
}

/** Brings codes to people. */
export interface CodeGateway {
  /** Resolves once the gateway has taken the code; rejects, in bounded time, where it has not. */
  send(code: CodeToSend): Promise<void>;
}
