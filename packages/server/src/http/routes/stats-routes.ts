import { createHash } from "node:crypto";
import {
  type Clock,
  isShownTo,
  type SampleBatch,
  type SignalingControl,
  type Store,
  type StoredCall,
} from "@echoo/core";
import { knownEvents, limits, Refusal } from "@echoo/protocol";
import { callSides } from "../bodies/call-sides.ts";
import { userStatistics } from "../bodies/user-statistics.ts";
import { verdictBody } from "../bodies/verdict-body.ts";
import { type HeavyReplyDeps, heavyReply } from "../replies/heavy-reply.ts";
import { JsonElements } from "../replies/json-pieces.ts";
import { type OwnNumberDeps, ownNumber, tokenOf } from "../requests/acting-user.ts";
import { writeSide } from "../requests/write-side.ts";
import type { Handlers, StreamingHandlers } from "../route.ts";

const fullDay = `You have sent ${limits.samplesPerUserDay} samples within 24 hours, as many as are taken.`;

interface Parties {
  readonly caller: string;
  readonly callee: string;
  /** Of one that has ended. */
  readonly verdict?: StoredCall["verdict"] | undefined;
  readonly endedAtMs?: StoredCall["endedAtMs"];
}

export interface SampleKeeper {
  /**
   * Takes samples that a party of a call sent; what it was given survives this process. The result is how long the
   * reporter has to wait instead; 0 where they are taken.
   */
  keepSamples(batch: SampleBatch): number;
}

interface StatsRouteDeps extends OwnNumberDeps, HeavyReplyDeps {
  readonly store: Pick<Store, "users" | "calls" | "statistics" | "reports">;
  readonly live: Pick<SignalingControl, "partiesOf"> & SampleKeeper;
  readonly clock: Pick<Clock, "now">;
}

export function statsRoutes(
  deps: StatsRouteDeps,
): Handlers<"getStatistics" | "uploadSamples"> & StreamingHandlers<"getCallStatistics"> {
  const { store, live, clock } = deps;

  /** The parties of a call that the viewer took part in, running or ended. */
  async function partiesFor(viewer: string, callId: string): Promise<Parties> {
    // The engine remembers a call for a day after its end: what is stored of it says more.
    const stored = await store.calls.find(callId);
    if (stored !== undefined && isShownTo(stored, viewer)) return stored;
    const running = live.partiesOf(callId);
    if (running?.caller === viewer || running?.callee === viewer) return running;
    throw new Refusal("unknown_call");
  }

  return {
    getStatistics: async ({ caller, params, query, requireReader }) => {
      const viewer = await ownNumber(deps, caller, params.phone);
      const of = { viewer, days: query.days, nowMs: clock.now() };
      const body = await deps.heavyReads.run(viewer, () => userStatistics(deps, of, requireReader));
      return { status: 200, body };
    },

    getCallStatistics: async ({ caller, params }) => {
      const viewer = await ownNumber(deps, caller, params.phone);
      const { callId } = params;
      const parties = await partiesFor(viewer, callId);
      return heavyReply(deps, viewer, async (pieces) => {
        const verdict = verdictBody(parties, viewer);
        const head = { callId, ...(verdict === undefined ? {} : { verdict }) };
        pieces.put(`${JSON.stringify(head).slice(0, -1)},"sides":[`);
        const elements = new JsonElements(pieces);
        for await (const side of callSides(deps, callId, parties, viewer)) {
          elements.begin();
          await writeSide(pieces, side);
        }
        pieces.put("]}");
      });
    },

    uploadSamples: async ({ caller, params, body }) => {
      const { userId: reporter } = tokenOf(caller);
      const { callId } = params;
      const { samples = [], sentAt } = body;
      const events = knownEvents(body.events ?? []);
      const { endedAtMs } = await partiesFor(reporter, callId);
      const isLate = endedAtMs !== undefined && clock.now() - endedAtMs > limits.reportAfterEndMs;
      if (events.length > 0 && isLate) throw new Refusal("too_late");
      const batch = body.batch ?? contentName(events.length === 0 ? samples : [samples, events]);
      const sent = { callId, reporter, batch, receivedAtMs: clock.now(), samples };
      const report = { events, ...(sentAt === undefined ? {} : { sentAtMs: sentAt }) };
      const retryInMs = live.keepSamples(events.length === 0 ? sent : { ...sent, report });
      if (retryInMs > 0) throw new Refusal("rate_limited", { message: fullDay, retryInMs });
      return { status: 200, body: { stored: samples.length } };
    },
  };
}

/** The same samples again have the same name, and change nothing. */
function contentName(content: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("base64url");
}
