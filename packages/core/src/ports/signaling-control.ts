/** Whether a user is there, as the server knows it; privacy is applied where it is told to others. */
export interface LivePresence {
  readonly online: boolean;
  readonly inCall: boolean;
}

/** What the rest of the server may ask of the signaling engine, and tell it. */
export interface SignalingControl {
  readonly onlineUsers: number;
  readonly activeCalls: number;
  findPresence(userId: string): Promise<LivePresence>;
  /** Of an unfinished call: who takes part, so that statistics and records are accepted from them alone. */
  partiesOf(callId: string): { readonly caller: string; readonly callee: string } | undefined;
  /** The token was revoked, logged out or erased: its sockets are cut, its calls end `admin_ended`. */
  tokenRevoked(tokenId: string): void;
  /** Every token of this user is gone: the sockets of all of them are cut, their calls end `admin_ended`. */
  userLoggedOut(userId: string): void;
  /** The number's owner is proven only now: clients that spoke as it so far are cut, with a token or without. */
  numberProven(userId: string): void;
  /** The user may not be here any more: whoever speaks as them is cut, with a token or without, and their calls end. */
  userSuspended(userId: string): void;
  /** The account is gone: its sockets are cut, its calls end, and records under way name the replacement. */
  userErased(userId: string, replacement: string): void;
  /** Presence choice, do-not-disturb, name, contacts or blocks of this user changed in the store. */
  personChanged(userId: string): Promise<void>;
}
