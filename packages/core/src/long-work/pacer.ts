import type { Pause } from "./pause.ts";

/** Characters that are parsed or rewritten in one step: about a millisecond's work. */
export const charsPerStep = 64 * 1024;

/** Pauses whenever what was done since the last pause has come to so much: for values of which some are large. */
export function createPacer(pause: Pause, perStep: number): (done: number) => Promise<void> {
  let sincePause = 0;
  return async (done) => {
    sincePause += done;
    if (sincePause < perStep) return;
    sincePause = 0;
    await pause();
  };
}
