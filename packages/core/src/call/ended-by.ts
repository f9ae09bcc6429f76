import type { DeviceEndReason, EndedBy, EndReason } from "@echoo/protocol";

/** Who ended a call, in words that are the same for both parties. */
export type Ender = "caller" | "callee" | "server";

interface EndedFacts {
  readonly endReason: EndReason;
  /** The user whose message or doing it was; absent where no party ended it. */
  readonly endedBy?: string;
  readonly caller: string;
  readonly callee: string;
}

/** `party`: the one that was noted, unknown where none was; `party or server`: the server where none was noted. */
const doings = {
  hangup: "party",
  superseded: "party",
  cancelled: "caller",
  declined: "callee",
  /** A device that gives up its negotiation, or the deadline of it. */
  connect_failed: "party or server",
  /** A device that says so, or the lock of a user who has a call. */
  busy: "party or server",
  connection_lost: "server",
  server_restart: "server",
  max_duration: "server",
  admin_ended: "server",
  no_answer: "server",
  unreachable: "server",
  do_not_disturb: "server",
} as const satisfies Record<EndReason, Ender | "party" | "party or server">;

/** Whose doing the end was; undefined where that is not known. */
export function enderOf({ endReason, endedBy, caller, callee }: EndedFacts): Ender | undefined {
  const doing = doings[endReason];
  if (doing !== "party" && doing !== "party or server") return doing;
  if (endedBy === undefined) return doing === "party" ? undefined : "server";
  if (endedBy === caller) return "caller";
  return endedBy === callee ? "callee" : undefined;
}

/** The same as this party is told it. The field itself, so that it is absent where nothing is known. */
export function endedByTo(
  viewer: string,
  call: { readonly caller: string; readonly ender: Ender | undefined },
  reason?: EndReason | DeviceEndReason,
): { endedBy?: EndedBy } {
  // Such a device's ring was ended by another one of its own user, however the call went on.
  if (reason === "answered_elsewhere" || reason === "declined_elsewhere") return { endedBy: "you" };
  const { caller, ender } = call;
  if (ender === undefined || ender === "server") return ender === undefined ? {} : { endedBy: ender };
  return { endedBy: ender === (viewer === caller ? "caller" : "callee") ? "you" : "peer" };
}
