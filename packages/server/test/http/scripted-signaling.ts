import type {
  LivePresence,
  RingControl,
  RunningCall,
  RunningControl,
  SampleBatch,
  SignalingControl,
} from "@echoo/core";

/** The port of the signaling engine, with what it is asked and told in plain sight. */
export class ScriptedSignaling implements SignalingControl {
  readonly online = new Set<string>();
  readonly parties = new Map<string, { caller: string; callee: string }>();
  readonly told: string[] = [];
  readonly submitted: SampleBatch[] = [];
  readonly #samplesWaitMs: number;
  readonly #onPersonChanged: (userId: string) => Promise<void>;

  /**
   * Who uploads samples has to wait for so long; with 0 they are taken. `onPersonChanged` is called with each person
   * whose facts changed: the engine reads them again.
   */
  constructor(samplesWaitMs: number, onPersonChanged: (userId: string) => Promise<void>) {
    this.#samplesWaitMs = samplesWaitMs;
    this.#onPersonChanged = onPersonChanged;
  }

  get onlineUsers(): number {
    return this.online.size;
  }

  get activeCalls(): number {
    return this.parties.size;
  }

  async findPresence(userId: string): Promise<LivePresence> {
    return { online: this.online.has(userId), inCall: false };
  }

  partiesOf(callId: string): { caller: string; callee: string } | undefined {
    return this.parties.get(callId);
  }

  /** Devices that were woken are for the real engine. */
  readonly rings: RingControl = {
    rungCall: () => undefined,
    ringShown: () => undefined,
    ringRejected: () => undefined,
  };

  readonly underWay: RunningCall[] = [];
  readonly sidesNow: { mos: number[]; warnings: RunningControl["figures"]["warnings"] } = { mos: [], warnings: {} };

  get running(): RunningControl {
    const { underWay, sidesNow, told } = this;
    const states = { calling: 0, ringing: 0, connecting: 0, active: 0, reconnecting: 0 };
    for (const { state } of underWay) states[state] += 1;
    return {
      figures: { states, ...sidesNow },
      list: (limit) => underWay.slice(0, limit),
      find: (callId) => underWay.find((call) => call.callId === callId),
      end(callId) {
        told.push(`ended ${callId}`);
        const at = underWay.findIndex((call) => call.callId === callId);
        return at !== -1 && underWay.splice(at, 1).length === 1;
      },
    };
  }

  userSuspended(userId: string): void {
    this.told.push(`suspended ${userId}`);
  }

  tokenRevoked(tokenId: string): void {
    this.told.push(`revoked ${tokenId}`);
  }

  userLoggedOut(userId: string): void {
    this.told.push(`logged out ${userId}`);
  }

  numberProven(userId: string): void {
    this.told.push(`proven ${userId}`);
  }

  userErased(userId: string, replacement: string): void {
    this.told.push(`erased ${userId} ${replacement}`);
  }

  async personChanged(userId: string): Promise<void> {
    this.told.push(`changed ${userId}`);
    await this.#onPersonChanged(userId);
  }

  keepSamples(batch: SampleBatch): number {
    this.submitted.push(batch);
    return this.#samplesWaitMs;
  }
}
