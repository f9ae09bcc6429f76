import { limits, readUserId } from "@echoo/protocol";
import type { EngineState } from "./engine-state.ts";
import { likelyUsers } from "./likely-users.ts";
import { type Handler, refused } from "./message-handler.ts";
import type { Session } from "./session.ts";

/** Who is there, and how to reach them. */
export class DirectoryRequests {
  readonly #state: EngineState;

  constructor(state: EngineState) {
    this.#state = state;
  }

  readonly watch: Handler<"watch"> = async (session, message) => {
    const users = [...new Set(message.users)];
    const allowed = users.filter((user) => this.#mayAsk(session, user));
    await Promise.all(allowed.map((user) => this.#state.options.people.load(user)));
    if (session.isOver) return undefined;
    const entries = this.#state.presence.watch(session, allowed, limits.watchedUsers);
    const told = new Set(entries.map((entry) => entry.userId));
    // Those past the quota look like people who are away: asking about them teaches nothing.
    const others = users.filter((user) => !told.has(user)).map((userId) => ({ userId, online: false }));
    this.#state.send(session, { type: "presence", users: [...entries, ...others] });
    return undefined;
  };

  readonly unwatch: Handler<"unwatch"> = (session, message) => {
    this.#state.presence.unwatch(session, message.users);
    return undefined;
  };

  readonly checkUser: Handler<"checkUser"> = async (session, message) => {
    // The answer names the user as the question did: some clients compare the two.
    const { userId } = message;
    const user = readUserId(userId, this.#state.options.userIdRule) ?? userId;
    if (!this.#mayAsk(session, user)) return refused("rate_limited");
    const facts = await this.#state.options.people.load(user);
    const { online } = this.#state.presence.entry(session.user, user);
    this.#state.send(session, { type: "userStatus", userId, online, registered: facts.registered });
    return undefined;
  };

  readonly getUsers: Handler<"getUsers"> = (session) => {
    this.#state.send(session, { type: "userList", users: likelyUsers(this.#state, session.user) });
    return undefined;
  };

  readonly getTurnCredentials: Handler<"getTurnCredentials"> = (session) => {
    this.#state.send(session, {
      type: "turnCredentials",
      ...this.#state.options.services.turnCredentials(session.user),
    });
    return undefined;
  };

  #mayAsk(session: Session, user: string): boolean {
    if (user === session.user || this.#state.factsOf(session.user)?.contacts.has(user)) return true;
    return this.#state.options.services.mayAskAbout(session.user, user);
  }
}
