/** What a test has started, and ends by whichever of the two names it has. */
export type Started = { close(): Promise<unknown> } | { stop(): Promise<unknown> };

/**
 * Starts side by side what a test needs. Where one of them does not start, the others are ended before its error goes up:
 * a browser that nothing closes keeps the process of the test until that is killed.
 */
export async function startTogether<const All extends readonly Started[]>(
  starts: {
    readonly [At in keyof All]: Promise<All[At]>;
  },
): Promise<{ -readonly [At in keyof All]: All[At] }> {
  const outcomes = await Promise.allSettled(starts);
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure === undefined) return Promise.all(starts) as Promise<{ -readonly [At in keyof All]: All[At] }>;
  const started = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  await Promise.allSettled(started.map((each) => ("stop" in each ? each.stop() : each.close())));
  throw failure.reason;
}
