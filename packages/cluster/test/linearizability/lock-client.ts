import { appendFileSync } from "node:fs";
import type { HomeState } from "@echoo/core";
import { seededRandom } from "@echoo/testkit";
import { openRedis, type RedisConnection } from "../../src/redis/open-redis.ts";
import { RedisScripts } from "../../src/redis/redis-scripts.ts";

export const users = 4;
/** Calls that one client places in a history, at most. */
const callsPerClient = 16;

type Op = "place" | "claim" | "unclaim" | "answer" | "end" | "abandon" | "adopt";

/** What a client of a history is told; its numbers are those of no other one. */
export interface ClientTask {
  readonly client: number;
  readonly socket: string;
  readonly prefix: string;
  readonly seed: number;
  readonly steps: number;
  /** Where it writes each step down, before and after. */
  readonly file: string;
  /** Loses its connection now and then. */
  readonly cuts: boolean;
  /** Nodes that are no more, whose calls it takes over and ends first. */
  readonly formers: readonly string[];
}

interface Held {
  readonly id: number;
  readonly caller: number;
  readonly callee: number;
  gen: number;
  rev: number;
  isAnswered: boolean;
  hasClaimed: boolean;
}

/** One node of one process: random steps about a few users' locks, each written down before it is asked for. */
export class LockClient {
  readonly #task: ClientTask;
  readonly #node: string;
  readonly #random: () => number;
  #connection: RedisConnection | undefined;
  #steps = 0;
  #placed = 0;
  #isBuried = false;

  constructor(task: ClientTask) {
    this.#task = task;
    this.#node = nodeOfClient(task.client);
    this.#random = seededRandom(task.seed);
  }

  async run(): Promise<void> {
    await this.#surely((scripts) =>
      scripts.hello(this.#node, { runId: "run", lastRead: "0-0", secret: "s", config: "c" }),
    );
    for (const former of this.#task.formers) await this.takeOver(former);
    let held: Held | undefined;
    while (!this.#isBuried && this.#steps < this.#task.steps) {
      held = held ? await this.#goOn(held) : await this.#place();
      if (this.#random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#connection?.close();
  }

  /** Buries a node that is no more, or is taken for it, and ends its calls. */
  async takeOver(former: string): Promise<void> {
    await this.#surely((scripts) => scripts.bury(this.#node, former, "own"));
    for (const callId of await this.#surely((scripts) => scripts.callsOf(former))) {
      const id = Number(callId.slice(1));
      const what = { id, caller: 0, callee: 0 };
      let found: { gen: number; rev: number; held: Held } | undefined;
      await this.#step("adopt", what, async (scripts) => {
        const reply = await scripts.adopt(this.#node, callId);
        if (reply.code !== "adopted") return reply.code;
        const [caller, callee] = [reply.facts.caller, reply.facts.callee].map((user) => Number(user.slice(1)));
        const isAnswered = reply.facts.state === "answered";
        const held = { id, caller: caller ?? 0, callee: callee ?? 0, gen: reply.gen, rev: reply.rev };
        found = { ...held, held: { ...held, isAnswered, hasClaimed: false } };
        return reply.code;
      });
      if (found) await this.#end(found.held);
    }
  }

  async #place(): Promise<Held | undefined> {
    if (this.#placed >= callsPerClient) {
      this.#steps = this.#task.steps;
      return undefined;
    }
    const id = this.#task.client * callsPerClient + this.#placed++;
    const caller = Math.floor(this.#random() * users);
    const callee = (caller + 1 + Math.floor(this.#random() * (users - 1))) % users;
    const call = { id, caller, callee };
    const request = { callId: `c${id}`, caller: `u${caller}`, callee: `u${callee}`, mayRing: true };
    const said = await this.#step("place", call, async (scripts) => {
      const reply = await scripts.place(this.#node, request);
      if (reply.code === "notRung") return reply.isCalleeLive ? "busy" : "notRung";
      return "callId" in reply && reply.code !== "used" ? `${reply.code} ${reply.callId.slice(1)}` : reply.code;
    });
    // An answer that was lost is found out about: its place is used, by itself.
    if (said !== "placed" && said !== "used") return undefined;
    return { ...call, gen: 1, rev: 0, isAnswered: false, hasClaimed: false };
  }

  async #goOn(held: Held): Promise<Held | undefined> {
    const chance = this.#random();
    if (held.rev === 0) {
      if (chance < 0.2) {
        const work = async (scripts: RedisScripts) =>
          (await scripts.abandon(this.#node, `c${held.id}`)) ? "abandoned" : "kept";
        return (await this.#step("abandon", held, work)) === "abandoned" ? undefined : this.#end(held);
      }
      const state = this.#next(held);
      const { code } = await this.#surely((scripts) => scripts.commit(this.#node, state));
      return code === "ok" ? held : undefined;
    }
    if (held.isAnswered || chance < 0.25) return this.#end(held);
    if (!held.hasClaimed) {
      const said = await this.#step("claim", held, async (scripts) => {
        const reply = await scripts.claim(this.#node, `c${held.id}`, `u${held.callee}`);
        return reply.code === "locked" ? `locked ${reply.callId.slice(1)}` : reply.code;
      });
      held.hasClaimed = said === "claimed";
      return held.hasClaimed || said === "settling" ? held : this.#end(held);
    }
    if (chance < 0.4) {
      await this.#step("unclaim", held, async (scripts) => {
        await scripts.unclaim(this.#node, `c${held.id}`, `u${held.callee}`);
        return "done";
      });
      held.hasClaimed = false;
      return held;
    }
    held.isAnswered = true;
    const state = this.#next(held);
    const said = await this.#step("answer", held, async (scripts) => (await scripts.commit(this.#node, state)).code);
    return said === "ok" ? held : this.#end({ ...held, isAnswered: false });
  }

  async #end(held: Held): Promise<undefined> {
    const state = { ...this.#next(held), end: { tombstone: "{}" } };
    await this.#step("end", held, async (scripts) => (await scripts.commit(this.#node, state)).code);
  }

  #next(held: Held): HomeState {
    held.rev += 1;
    return {
      ...{ callId: `c${held.id}`, gen: held.gen, rev: held.rev, fields: {}, sent: "{}", letters: [], claims: [] },
      facts: {
        ...{ caller: `u${held.caller}`, callee: `u${held.callee}`, nodes: [] },
        state: held.isAnswered ? "answered" : "ringing",
      },
    };
  }

  /** One that is written down; where its answer was lost it is asked for once more, as another step. */
  async #step(
    op: Op,
    { id, caller, callee }: Pick<Held, "id" | "caller" | "callee">,
    work: (scripts: RedisScripts) => Promise<string>,
  ): Promise<string> {
    for (;;) {
      const scripts = await this.#scripts();
      const o = `${this.#task.client}-${this.#steps++}`;
      const call = now();
      this.#write({ o, client: this.#task.client, call, op, id, caller, callee });
      try {
        const asked = work(scripts);
        if (this.#task.cuts && this.#random() < 0.05) this.#connection?.close();
        const output = await asked;
        this.#write({ o, return: now(), output });
        if (output === "buried") this.#isBuried = true;
        return output;
      } catch {
        this.#connection?.close();
        this.#connection = undefined;
      }
    }
  }

  /** One that locks do not depend on, until it is known to be done. */
  async #surely<T>(work: (scripts: RedisScripts) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work(await this.#scripts());
      } catch {
        this.#connection?.close();
        this.#connection = undefined;
      }
    }
  }

  async #scripts(): Promise<RedisScripts> {
    while (!this.#connection) {
      try {
        // One that breaks is found out by what is asked of it next.
        this.#connection = await openRedis({ socket: this.#task.socket }, () => {});
      } catch {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return new RedisScripts(this.#task.prefix, this.#connection.command);
  }

  #write(line: object): void {
    appendFileSync(this.#task.file, `${JSON.stringify(line)}\n`);
  }
}

export function nodeOfClient(client: number): string {
  return `n${client}`;
}

/** Nanoseconds of a clock that all processes of a machine share. */
function now(): number {
  return Number(process.hrtime.bigint());
}
