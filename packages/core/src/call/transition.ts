import type { Steady } from "../ports/clock.ts";
import { type Call, isAnswered, isRinging } from "./call.ts";
import { type Deadline, type Deadlines, nextDeadline } from "./deadlines.ts";
import type { CallInput, Effect } from "./input.ts";
import { answeredDeadline, answeredStep } from "./phases/answered-call.ts";
import { finishedStep } from "./phases/finished-call.ts";
import { ringingDeadline, ringingStep } from "./phases/ringing-call.ts";
import { pushDue, pushed } from "./push/push-steps.ts";
import { keepToRelay } from "./relay-only.ts";
import type { Step } from "./step.ts";

/**
 * The call machine: pure. Deadlines that have passed are applied before the input, so an answer that is processed
 * after the ring's end is late, whatever the timers did.
 */
export function transition(call: Call, input: CallInput, limits: Deadlines): Step {
  if (input.type === "restarted") return afterRestart(call, input, limits);
  const [current, past] = settle(call, input.nowMs, limits);
  const [next, effects, refused] = step(current, input, limits);
  return [next, past.length === 0 ? effects : [...past, ...effects], refused];
}

/** No client could speak while the server was down: what ran out then runs anew; only a ring keeps its deadline. */
function afterRestart(call: Call, input: CallInput, limits: Deadlines): Step {
  const [restarted, effects] = step(call, input, limits);
  const [current, past] = settle(restarted, input.nowMs, limits);
  return [current, [...effects, ...past]];
}

/** Applies every deadline up to now. A finished call stays; forgetting it is its keeper's work. */
function settle(call: Call, nowMs: Steady, limits: Deadlines): [Call, Effect[]] {
  let current = call;
  const effects: Effect[] = [];
  while (true) {
    const due = nextDeadline(current, limits);
    if (due.atMs > nowMs || due.kind === "forget") break;
    const [next, more] = deadlinePassed(current, due);
    current = next;
    effects.push(...more);
  }
  return [current, effects];
}

function deadlinePassed(call: Call, due: Deadline): Step {
  if (isRinging(call)) return ringingDeadline(call, due);
  return isAnswered(call) ? answeredDeadline(call, due) : pushDue(call, due.atMs);
}

function step(call: Call, input: CallInput, limits: Deadlines): Step {
  if (input.type === "pushed") return [pushed(call, input), []];
  const kept = keepToRelay(call, input);
  if ("instead" in kept) return kept.instead;
  if (isRinging(call)) return ringingStep(call, kept.pass, limits);
  if (isAnswered(call)) return answeredStep(call, kept.pass, limits);
  return finishedStep(call, kept.pass);
}
