import type { ClientMessage } from "@echoo/protocol";

/** Messages without fields, whose inferred type would admit no `type` either. */
type BareType = "leave" | "getUsers" | "getTurnCredentials";

export type OutgoingMessage = Exclude<ClientMessage, { type: BareType }> | { readonly type: BareType };
