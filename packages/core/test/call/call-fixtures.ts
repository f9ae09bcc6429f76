import { CallArbiter } from "../../src/arbiter/call-arbiter.ts";
import type { OfferRequest } from "../../src/arbiter/place-offer.ts";
import { type Abilities, fullAbilities } from "../../src/call/abilities.ts";
import type { Call, Device } from "../../src/call/call.ts";
import type { CalleeFacts } from "../../src/call/callee-facts.ts";
import { type Deadlines, defaultDeadlines } from "../../src/call/deadlines.ts";
import type { CallInput, Effect, Sender } from "../../src/call/input.ts";
import type { Refused } from "../../src/call/step.ts";
import { transition } from "../../src/call/transition.ts";

export const startMs = 1_000_000;

export function device(session: string, can: Abilities = fullAbilities): Device {
  return { session, device: session, can };
}

export function sender(session: string): Sender {
  return { user: /^[a-z]+/.exec(session)?.[0] ?? session, session, wantsAck: false };
}

/** An offer of ann's to bob, who is there with one device unless the facts say otherwise. */
export function request(facts: Partial<CalleeFacts> = {}, more: Partial<OfferRequest> = {}): OfferRequest {
  return {
    nowMs: startMs,
    by: sender("ann"),
    device: device("ann"),
    to: "bob",
    offer: { sdp: "offer" },
    isVideo: true,
    callId: "c1",
    supersede: false,
    relayOnly: false,
    freshId: "fresh",
    createdAtMs: startMs,
    callee: {
      isKnown: true,
      blockedCaller: false,
      doNotDisturb: false,
      devices: [device("bob")],
      push: [],
      mayRing: true,
      ...facts,
    },
    ...more,
  };
}

/** A call as an offer makes it. */
export function placed(facts: Partial<CalleeFacts> = {}, more: Partial<OfferRequest> = {}): Call {
  const arbiter = new CallArbiter(defaultDeadlines, undefined);
  arbiter.place(request(facts, more));
  const call = arbiter.calls.get("c1");
  if (!call) throw new Error("the offer made no call");
  return call;
}

/** Plays inputs at times after the start, and tells the effects, and a refusal, as words: "10s push bob". */
export function playInputs(
  call: Call,
  inputs: readonly (readonly [number, Record<string, unknown> & { type: CallInput["type"] }])[],
  limits: Deadlines = defaultDeadlines,
): { call: Call; rows: string[] } {
  const rows: string[] = [];
  let current = call;
  for (const [afterMs, input] of inputs) {
    const [next, effects, refused] = transition(current, { ...input, nowMs: startMs + afterMs } as CallInput, limits);
    current = next;
    const words = [...effects.map(effectWords), ...(refused ? [refusedWords(refused)] : [])];
    rows.push(...words.map((word) => `${afterMs / 1000}s ${word}`));
  }
  return { call: current, rows };
}

export function effectWords(effect: Effect): string {
  switch (effect.type) {
    case "send": {
      const reason = "reason" in effect.message ? ` ${effect.message.reason}` : "";
      return `${effect.to} < ${effect.message.type}${reason}`;
    }
    case "record":
      return `record ${effect.record.endReason}`;
    case "claim":
      return `claim ${effect.user}`;
    case "push":
      return `push ${effect.kind} ${effect.slot.device}`;
    case "replaced":
      return `replaced ${effect.session}`;
  }
}

function refusedWords({ code, reason }: Refused): string {
  return `refuse ${code}${reason ? ` ${reason}` : ""}`;
}
