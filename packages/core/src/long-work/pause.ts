/**
 * Ends a step of long work. Resolves when the next step may begin: at the end of a later turn of the event loop, after
 * what had come in by then. A transaction never spans it, and what was read before it may be gone after it.
 */
export type Pause = () => Promise<void>;

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

/** Repeats a step, with a pause before each but the first, until it says that nothing is left. */
export async function untilDone(pause: Pause, step: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await step())) await pause();
}
