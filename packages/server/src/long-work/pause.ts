/**
 * Ends a step of long work. Resolves when the next step may begin: in a later turn of the event loop, after what had
 * come in by then. A transaction never spans it, and what was read before it may be gone after it.
 */
export type Pause = () => Promise<void>;

/**
 * Gives the steps of all long work their turns: one step in each turn of the event loop, in the order in which they
 * are asked for, so that ten histories at once hold up a call no longer than one does. What waits here is one step of
 * each piece of work that is under way.
 */
export function createPause(soon: (run: () => void) => void): Pause {
  const waiting: (() => void)[] = [];

  function nextStep(): void {
    const begin = waiting.shift();
    if (waiting.length > 0) soon(nextStep);
    begin?.();
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) soon(nextStep);
    });
}

/** Goes through the values a few at a time, with a pause between one lot and the next. */
export async function inSteps<T>(
  values: readonly T[],
  perStep: number,
  pause: Pause,
  step: (some: readonly T[]) => void | Promise<void>,
): Promise<void> {
  for (let from = 0; from < values.length; from += perStep) {
    if (from > 0) await pause();
    await step(values.slice(from, from + perStep));
  }
}
