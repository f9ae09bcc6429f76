import type { Steady } from "../../ports/clock.ts";
import type { Outcome, Request } from "./envelopes.ts";

export interface ForwardedInput {
  readonly id: string;
  readonly callId: string;
  readonly request: Request;
  /** Told once what came of it, or that nobody knows. The input itself goes on being delivered. */
  reply: ((outcome: Outcome) => void) | undefined;
  sentAtMs: Steady;
}

/** Inputs that their homes have not taken in, at most: past it new ones are refused. */
export const forwardedInputsMax = 50_000;

/** What happened here to calls elsewhere, kept until their homes have taken it in; in order. */
export class ForwardedInputs {
  readonly #inputs = new Map<string, ForwardedInput>();
  #count = 0;

  add(callId: string, request: Request, nowMs: Steady, reply?: (outcome: Outcome) => void): ForwardedInput | undefined {
    if (this.#inputs.size >= forwardedInputsMax) return undefined;
    this.#count += 1;
    const input = { id: `i${this.#count}`, callId, request, reply, sentAtMs: nowMs };
    this.#inputs.set(input.id, input);
    return input;
  }

  get(id: string): ForwardedInput | undefined {
    return this.#inputs.get(id);
  }

  remove(id: string): ForwardedInput | undefined {
    const input = this.#inputs.get(id);
    this.#inputs.delete(id);
    return input;
  }

  /** Those of a call, or all, oldest first. */
  of(callId?: string): readonly ForwardedInput[] {
    const all = [...this.#inputs.values()];
    return callId === undefined ? all : all.filter((input) => input.callId === callId);
  }

  get size(): number {
    return this.#inputs.size;
  }

  clear(): void {
    this.#inputs.clear();
  }
}
