import { limits, readUserId, type ServerMessage } from "@echoo/protocol";
import type { Services } from "../../ports/services.ts";
import type { UserFactsSource } from "../../ports/user-facts.ts";
import type { PresenceBoard } from "../../presence/presence-board.ts";
import type { ClusterPresence } from "../cluster/presence/cluster-presence.ts";
import type { EngineOptions } from "../engine-options.ts";
import type { Session } from "../sessions/session.ts";
import { visibleUsers, type WhoIsHere } from "../visible-users.ts";
import { type Handler, type Reply, refused } from "./message-handler.ts";

/** What answering about others needs of the engine. */
interface DirectoryContext extends WhoIsHere {
  readonly options: WhoIsHere["options"] & {
    readonly userIdRule: EngineOptions["userIdRule"];
    readonly userFacts: Pick<UserFactsSource, "cached" | "load">;
    readonly services: Pick<Services, "turnCredentials" | "mayAskAbout">;
  };
  readonly presence: Pick<PresenceBoard<Session>, "watch" | "unwatch" | "entry">;
  /** Where there are other nodes: who is there has to be asked for first. */
  readonly elsewhere: Pick<ClusterPresence, "isKnown" | "load"> | undefined;
  send(session: Session, message: ServerMessage): void;
}

/** Who is there, and how to reach them. */
export class DirectoryRequests {
  readonly #state: DirectoryContext;
  /** The last question of each session that waits for the database: those behind it are answered after it. */
  readonly #waiting = new Map<Session, Promise<unknown>>();

  constructor(state: DirectoryContext) {
    this.#state = state;
  }

  readonly watch: Handler<"watch"> = (session, message) => {
    const users = [...new Set(message.users)];
    const allowed = users.filter((user) => this.#mayAsk(session, user));
    return this.#onceKnown(session, allowed, () => {
      const entries = this.#state.presence.watch(session, allowed, limits.watchedUsers);
      const told = new Set(entries.map((entry) => entry.userId));
      // Those past the quota look like people who are away: asking about them teaches nothing.
      const others = users.filter((user) => !told.has(user)).map((userId) => ({ userId, online: false }));
      this.#state.send(session, { type: "presence", users: [...entries, ...others] });
    });
  };

  readonly unwatch: Handler<"unwatch"> = (session, message) =>
    this.#onceKnown(session, [], () => this.#state.presence.unwatch(session, message.users));

  readonly checkUser: Handler<"checkUser"> = (session, message) => {
    // The answer names the user as the question did: some clients compare the two.
    const { userId } = message;
    const user = readUserId(userId, this.#state.options.userIdRule) ?? userId;
    if (!this.#mayAsk(session, user)) return refused("rate_limited");
    return this.#onceKnown(session, [user], () => {
      const { online } = this.#state.presence.entry(session.user, user);
      const registered = this.#state.factsOf(user)?.registered ?? false;
      this.#state.send(session, { type: "userStatus", userId, online, registered });
    });
  };

  readonly getUsers: Handler<"getUsers"> = (session) => {
    this.#state.send(session, { type: "userList", users: visibleUsers(this.#state, session.user) });
    return undefined;
  };

  readonly getTurnCredentials: Handler<"getTurnCredentials"> = (session) => {
    this.#state.send(session, {
      type: "turnCredentials",
      ...this.#state.options.services.turnCredentials(session.user),
    });
    return undefined;
  };

  /** At once where these users are in memory and nothing that the session asked before still waits for others. */
  #onceKnown(session: Session, users: readonly string[], act: () => void): Reply | Promise<Reply> {
    const { elsewhere } = this.#state;
    const { userFacts } = this.#state.options;
    const unknown = users.filter((user) => !userFacts.cached(user));
    const before = this.#waiting.get(session);
    const isSeen = elsewhere === undefined || users.every((user) => elsewhere.isKnown(user));
    if (unknown.length === 0 && isSeen && !before) {
      act();
      return undefined;
    }
    const loads = unknown.map((user) => userFacts.load(user));
    const done = Promise.all([before, ...loads, isSeen ? undefined : elsewhere.load(users)]).then(() => {
      if (this.#waiting.get(session) === done) this.#waiting.delete(session);
      if (!session.isOver) act();
      return undefined;
    });
    this.#waiting.set(session, done);
    return done;
  }

  #mayAsk(session: Session, user: string): boolean {
    if (user === session.user || this.#state.factsOf(session.user)?.contacts.has(user)) return true;
    return this.#state.options.services.mayAskAbout(session.user, user);
  }
}
