/** What the server knew of a call at its end and would know no more later. Absent is not known. */
export interface ServerFacts {
  /** Whether clients were given a TURN server. */
  readonly turn?: boolean;
  /** All media had to go through a relay. */
  readonly relayOnly?: true;
  /** Both came from one address on the internet. */
  readonly sameNetwork?: boolean;
  /** Devices of the callee that were to be woken, and how many of those no push service took. */
  readonly pushes?: { readonly tried: number; readonly failed: number };
  /** What the clients of both sides said of themselves. */
  readonly callerClient?: ClientFacts;
  readonly calleeClient?: ClientFacts;
}

/** What a client says of itself in `join`. */
export interface ClientFacts {
  readonly name?: string;
  readonly version?: string;
  readonly platform?: string;
}
