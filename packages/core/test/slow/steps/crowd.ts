import type { JoinGrant, Link, Session } from "@echoo/core";
import { Scenario } from "@echoo/testkit";

const link = (): Link => ({
  silentMs: 0,
  isReading: true,
  ping: () => {},
  send: () => 0,
  sendText: () => {},
  close: () => {},
});

interface Member {
  readonly user: string;
  readonly link: Link;
  readonly session: Session;
}

/** Many users around one real engine, whose messages cost nothing but the engine's own work. */
export class Crowd {
  readonly scenario = new Scenario();
  readonly members: Member[] = [];

  get engine() {
    return this.scenario.node.engine;
  }

  /** Everybody has a token of their own. */
  static async of(count: number, more: (at: number) => Partial<JoinGrant> = () => ({})): Promise<Crowd> {
    const crowd = new Crowd();
    for (let at = 0; at < count; at += 1) await crowd.join(`user${at}`, { tokenId: `token${at}`, ...more(at) });
    return crowd;
  }

  async join(user: string, admission: Partial<JoinGrant> = {}): Promise<Session> {
    const own = link();
    const session = await this.engine.join(own, { userId: user, ...admission }, { protocol: 2, deviceId: user });
    if (typeof session === "string") throw new Error(`${user} cannot join: ${session}`);
    this.members.push({ user, link: own, session });
    this.endTurn();
    return session;
  }

  at(index: number): Member {
    const member = this.members[index];
    if (!member) throw new Error(`there is no member ${index}`);
    return member;
  }

  endTurn(): void {
    this.scenario.node.endTurn();
  }

  /** Member `from` calls member `to`; the call is named after both. */
  async offers(from: number, to: number, round = 0): Promise<string> {
    const callId = `00000000-0000-4000-8000-${String(round * 1_000_000 + from).padStart(12, "0")}`;
    await this.engine.receive(this.at(from).session, { type: "offer", to: this.at(to).user, sdp: "v=0", callId });
    return callId;
  }

  answers(member: number, callId: string): void {
    void this.engine.receive(this.at(member).session, { type: "answer", callId, sdp: "v=0" });
  }

  hangsUp(member: number, callId: string): void {
    void this.engine.receive(this.at(member).session, { type: "hangup", callId });
  }

  /** Half of the crowd calls the other half. Each second call is answered. */
  async talk(): Promise<string[]> {
    const half = this.members.length / 2;
    const calls: string[] = [];
    for (let at = 0; at < half; at += 1) {
      const callId = await this.offers(at, half + at);
      if (at % 2 === 0) this.answers(half + at, callId);
      this.endTurn();
      calls.push(callId);
    }
    return calls;
  }
}
