/** So many requests begin within one turn of the event loop; each takes about a millisecond of it. */
const perTurn = 8;

/**
 * Lets requests begin a few at a time. Hundreds that arrive at once would otherwise be worked off in one go, and the
 * messages of calls wait until the last one is answered. None waits longer than before: there is no pause between turns.
 * What waits is bounded by the connections that there may be.
 */
export function createRequestTurns(soon: (run: () => void) => void): () => Promise<void> {
  let begun = 0;
  let waiting: (() => void)[] = [];

  function nextTurn(): void {
    const ready = waiting.slice(0, perTurn);
    waiting = waiting.slice(perTurn);
    begun = ready.length;
    if (begun > 0) soon(nextTurn);
    for (const begin of ready) begin();
  }

  return () => {
    if (begun === 0) soon(nextTurn);
    if (begun < perTurn && waiting.length === 0) {
      begun += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
}
