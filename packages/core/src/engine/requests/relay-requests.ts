import type { ServerMessage } from "@echoo/protocol";
import type { CallIndex } from "../../arbiter/call-index.ts";
import { isAnswered, peerOf } from "../../call/call.ts";
import { peerLeg, sideOf } from "../../call/legs.ts";
import type { Session } from "../sessions/session.ts";
import { takesPart } from "./call-requests.ts";
import { type Handler, type Reply, refused } from "./message-handler.ts";

/** What relaying needs of the engine. */
interface RelayContext {
  readonly calls: Pick<CallIndex, "get" | "between">;
  sendTo(session: string, message: ServerMessage): void;
}

/** Messages that pass from one bound device to the other and change nothing. */
export class RelayRequests {
  readonly #state: RelayContext;

  constructor(state: RelayContext) {
    this.#state = state;
  }

  readonly mediaState: Handler<"mediaState"> = (session, message) => {
    const { callId, audio, video, screen } = message;
    const media = {
      ...(audio === undefined ? {} : { audio }),
      ...(video === undefined ? {} : { video }),
      ...(screen === undefined ? {} : { screen }),
    };
    return this.#relay(session, callId, undefined, (id) => ({
      type: "mediaState",
      callId: id,
      from: session.user,
      ...media,
    }));
  };

  readonly chat: Handler<"chat"> = (session, message) =>
    this.#relay(session, message.callId, message.to, (callId, to) => {
      return { type: "chat", callId, from: session.user, to, message: message.message };
    });

  readonly emoji: Handler<"emoji"> = (session, message) =>
    this.#relay(session, message.callId, message.to, (callId, to) => {
      return { type: "emoji", callId, from: session.user, to, emoji: message.emoji };
    });

  #relay(
    session: Session,
    callId: string | undefined,
    to: string | undefined,
    build: (callId: string, to: string) => ServerMessage,
  ): Reply {
    const { calls } = this.#state;
    const call = callId ? calls.get(callId) : calls.between(session.user, to ?? "");
    const isTheirs = call !== undefined && takesPart(call, session.user);
    if (!call || !isTheirs || !isAnswered(call)) return refused("not_in_call", callId ?? "");
    const peer = peerOf(call, session.user);
    if (to !== undefined && to !== peer) return refused("not_in_call", call.id);
    const side = sideOf(call, session.id);
    if (!side) return refused("not_bound", call.id);
    this.#state.sendTo(peerLeg(call, side).session, build(call.id, peer));
    return { type: "done", callId: call.id };
  }
}
