import { arrive } from "../load/arrivals.ts";
import { crowd, cutAll, userId } from "../load/crowd.ts";
import { Latencies } from "../load/latencies.ts";
import { User } from "../load/user.ts";
import type { Message } from "../servers/wire.ts";
import { at, growthChart, growthOf, growthRows } from "./growth.ts";
import { afresh, type Figures } from "./rounds.ts";
import { measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface PresenceSize {
  readonly users: readonly number[];
  /** Whom each of them watches, and who watches each. */
  readonly contacts: number;
  readonly joinsPerSec: number;
}

export const presenceSize: PresenceSize = { users: [1_000, 3_000, 9_000], contacts: 50, joinsPerSec: 300 };

const warmUpFrom = 900_000;

/** A town comes online: each user watches others, and each change is told to those who watch. */
export const presence: Scenario<PresenceSize> = async (context, size) => {
  const { users: sizes, contacts, joinsPerSec } = size;
  const subject = measuredEchoo(context);
  const medians = await afresh(context, [subject], async (server): Promise<Figures> => {
    cutAll(await crowd(server, 100, warmUpFrom));
    const figures: Record<string, number> = {};
    for (const count of sizes) {
      const users = Array.from({ length: count }, (_, i) => new User(userId(i), server));
      const watching = new Watching(users, contacts);
      await server.quiet();
      const { cpuMs } = await server.measure(`of-${count}`, () => watching.comeOnline(joinsPerSec));
      figures[at("cpuUs", count)] = (cpuMs * 1000) / count;
      figures[at("messages", count)] = watching.messages / count;
      figures[at("entries", count)] = watching.entries / count;
      figures[at("p99Ms", count)] = watching.told.at(99);
      cutAll(users);
      await server.quiet();
    }
    return figures;
  });
  return {
    name: "presence",
    title: "Presence",
    method: [
      `So many users join at random moments, ${joinsPerSec} a second, and each watches ${contacts} others and is watched by as many. CPU of the server's process for each user, with the join; the time is from the moment that a user knows to be online until one who watches is told.`,
      `Medians of ${context.rounds} rounds, each with a new server. There is no baseline: the others know no presence.`,
    ],
    columns: ["server", "users", "CPU a user", "messages a user", "changes told a user", "p99 until told"],
    rows: growthRows(medians, sizes, [
      ["cpuUs", " µs"],
      ["messages", ""],
      ["entries", ""],
      ["p99Ms", " ms"],
    ]),
    verdicts: [
      {
        what: "CPU a user, largest against smallest",
        figure: growthOf(medians, "Echoo", "cpuUs", sizes),
        limit: 1.25,
        unit: " ×",
      },
      {
        what: "changes told a user, against those who watch",
        figure: growthOf(medians, "Echoo", "entries", sizes),
        limit: 1.25,
        unit: " ×",
      },
    ],
    charts: [growthChart("CPU of a user who comes online and watches", " µs", "users", medians, sizes, "cpuUs")],
    versions: versionsOf([subject]),
    data: Object.fromEntries(medians),
  };
};

/** Users that watch their neighbours, and what they are told. */
class Watching {
  messages = 0;
  entries = 0;
  readonly told = new Latencies();
  readonly #users: readonly User[];
  readonly #contacts: number;
  readonly #onlineAtMs = new Map<string, number>();

  constructor(users: readonly User[], contacts: number) {
    this.#users = users;
    this.#contacts = contacts;
    for (const user of users) {
      let isAnswer = true;
      user.onMessage = (message) => {
        if (message.type !== "presence") return;
        // The first names all that are watched, and answers `watch`; what follows is news.
        if (!isAnswer) this.#hear(message);
        isAnswer = false;
      };
    }
  }

  async comeOnline(perSec: number): Promise<void> {
    const joining: Promise<void>[] = [];
    // Somewhat longer than they take, so that none is left; those that are, come at the end.
    await arrive(perSec, this.#users.length / perSec, () => {
      if (joining.length < this.#users.length) joining.push(this.#join(joining.length));
    });
    while (joining.length < this.#users.length) joining.push(this.#join(joining.length));
    await Promise.all(joining);
  }

  async #join(index: number): Promise<void> {
    const user = this.#users[index] as User;
    await user.join();
    this.#onlineAtMs.set(user.id, performance.now());
    const others = Array.from({ length: Math.min(this.#contacts, this.#users.length - 1) }, (_, i) =>
      userId((index + i + 1) % this.#users.length),
    );
    user.sayText(JSON.stringify({ type: "watch", users: others }));
  }

  #hear({ users }: Message): void {
    this.messages += 1;
    for (const change of users as { readonly userId: string; readonly online: boolean }[]) {
      const atMs = this.#onlineAtMs.get(change.userId);
      if (!change.online || atMs === undefined) continue;
      this.entries += 1;
      this.told.add(performance.now() - atMs);
    }
  }
}
