import type { ReportEvent } from "@echoo/protocol";
import { type Facts, type Finding, onASide, type Rule, recorded, served } from "../facts.ts";
import type { SideView } from "../side-view.ts";
import type { Evidence } from "../verdict.ts";

const patienceMs = 10_000;
const dtlsPatienceMs = 5_000;
const refusals = [401, 403, 437, 441, 486, 508];

function tookMs({ record }: Facts): number {
  return record.endedAtMs - (record.answeredAtMs ?? record.endedAtMs);
}

/** What says by itself that something went wrong. */
function isFailure({ kind, state, error }: ReportEvent): boolean {
  return error !== undefined || ((kind === "ice" || kind === "connection") && state === "failed");
}

/** It was over before anything could be expected of it, and nothing had failed. */
export const tooShort: Rule = (facts) => {
  const { record, both } = facts;
  const isOrdinary = record.endReason === "hangup" || record.endReason === "superseded";
  const hasFailed = both.some(({ events }) => events.some(isFailure));
  if (!isOrdinary || hasFailed || tookMs(facts) >= patienceMs) return undefined;
  return { evidence: [recorded("over in less than 10 s", record.endedAtMs)] };
};

export const lostSignaling: Rule = ({ record }) => {
  const { endReason } = record;
  if (endReason !== "connection_lost" && endReason !== "server_restart") return undefined;
  return { evidence: [recorded(endReason, record.endedAtMs)] };
};

export const failedNegotiation: Rule = onASide((view, { record }) => {
  const failed = view.of("negotiation").find(({ step }) => step === "remoteDescription" || step === "localDescription");
  if (failed !== undefined && view.of("signaling").at(-1)?.state !== "stable") return [view.saw(failed)];
  const last = view.spansOf("signaling", record.endedAtMs).at(-1);
  if (last === undefined || !view.isWhole || last.event.state === "stable" || last.event.state === "closed") {
    return undefined;
  }
  const fromMs = Math.max(last.fromMs, record.answeredAtMs ?? last.fromMs);
  return last.toMs - fromMs >= patienceMs ? [view.saw(last.event)] : undefined;
});

/** ICE stood for long enough, and the connection on top of it, which DTLS makes, never came. */
export const failedDtls: Rule = onASide((view, { record }) => {
  const states = view.of("connection");
  if (!view.isWhole || states.length === 0 || states.some(({ state }) => state === "connected")) return undefined;
  const ice = view.spansOf("ice", record.endedAtMs);
  const first = ice.find(({ event }) => isUp(event.state));
  if (first === undefined) return undefined;
  const end = ice.find(({ event, fromMs }) => fromMs >= first.fromMs && !isUp(event.state));
  const upMs = (end?.fromMs ?? record.endedAtMs) - first.fromMs;
  return upMs >= dtlsPatienceMs
    ? [view.saw(first.event), ...states.slice(-1).map((state) => view.saw(state))]
    : undefined;
});

function isUp(state: string | undefined): boolean {
  return state === "connected" || state === "completed";
}

function relays(view: SideView): readonly ReportEvent[] {
  return view.of("gathering").filter(({ candidate }) => candidate === "relay");
}

function hasGathered(view: SideView): boolean {
  return view.of("gathering", "complete").length > 0;
}

export const refusedByTurn: Rule = onASide((view) => {
  const refused = view.of("gathering").find(({ code }) => code !== undefined && refusals.includes(code));
  // What was left out of a timeline may have been a candidate that was got in another way.
  return refused !== undefined && relays(view).length === 0 && view.isWhole ? [view.saw(refused)] : undefined;
});

export const unreachableTurn: Rule = (facts) => {
  if (facts.server.turn !== true) return undefined;
  return onASide((view) => {
    const end = view.of("gathering", "complete").at(-1) ?? vainGathering(view, facts);
    if (end === undefined || relays(view).length > 0 || !view.isWhole) return undefined;
    const { length: failed } = view.of("gathering").filter(({ code }) => code !== undefined);
    return [
      view.saw(end),
      served("a relay is configured"),
      view.measured("relay candidates", 0),
      ...errorsOf(view, failed),
    ];
  })(facts);
};

/** Browsers ask a relay that is silent for longer than a call without a path lasts: the end of it is not awaited. */
function vainGathering(view: SideView, { record }: Facts): ReportEvent | undefined {
  const begun = view.of("gathering", "gathering").at(-1);
  const fromMs = Math.max(begun?.t ?? record.endedAtMs, record.answeredAtMs ?? record.endedAtMs);
  return record.endedAtMs - fromMs >= patienceMs ? begun : undefined;
}

function errorsOf(view: SideView, failed: number): readonly Evidence[] {
  return failed === 0 ? [] : [view.measured("errors of ICE servers", failed)];
}

export const missingTurn: Rule = ({ server, record, both }) => {
  if (server.turn !== false) return undefined;
  const isApart = server.sameNetwork === false || server.relayOnly === true;
  const hasFailed = record.endReason === "connect_failed" || both.some(({ events }) => events.some(isFailure));
  if (!isApart || !hasFailed) return undefined;
  const why = server.relayOnly ? "all media had to be relayed" : "the two networks are different ones";
  return { evidence: [served("no relay is configured"), served(why)] };
};

export const deadRelay: Rule = ({ both }) => {
  if (both.some((view) => relays(view).length === 0 || !view.isWhole) || !both.some(triedToTheEnd)) return undefined;
  return {
    evidence: both.flatMap((view) =>
      relays(view)
        .slice(0, 1)
        .map((event) => view.saw(event)),
    ),
  };
};

export const noDirectPath: Rule = ({ both }): Finding | undefined => {
  const isKnown = both.every((view) => hasGathered(view) && view.isWhole);
  if (!isKnown || both.some((view) => relays(view).length > 0)) return undefined;
  return { evidence: both.map((view) => view.measured("relay candidates", 0)) };
};

/** The record or a side says that it failed, or that it was tried to the end, and nothing says why. */
export const notConnected: Rule = ({ record, both }) => {
  const tried = both.flatMap((view) => ((view.events.find(isFailure) ?? view.of("ice").at(-1)) ? [lastTry(view)] : []));
  const said = record.endReason === "connect_failed" ? [recorded("connect_failed", record.endedAtMs)] : [];
  return tried.length + said.length === 0 ? undefined : { evidence: [...said, ...tried] };
};

function lastTry(view: SideView): Evidence {
  const event = view.events.find(isFailure) ?? view.of("ice").at(-1);
  return event === undefined ? view.measured("events", view.events.length) : view.saw(event);
}

/** ICE failed, or its user ended the call while it was trying: what came after the last event is not in question. */
function triedToTheEnd(view: SideView): boolean {
  const last = view.of("ice").at(-1)?.state;
  return last === "failed" || (last !== undefined && !isUp(last) && view.of("end").length > 0);
}
