const echoMs = 300;

/**
 * Swallows a signal that repeats one from a moment ago. npm passes on a Ctrl-C that the terminal has delivered to the
 * server already, and the server must not take the echo for an impatient second Ctrl-C, which ends it without grace.
 */
export function swallowEchoedSignals() {
  const emit = process.emit;
  /** @type {Map<unknown, number>} */
  const seenMs = new Map();
  /** @this {NodeJS.Process} @param {unknown[]} args */
  function emitOnce(...args) {
    const [event] = args;
    if (event === "SIGINT" || event === "SIGTERM") {
      const before = seenMs.get(event) ?? Number.NEGATIVE_INFINITY;
      const nowMs = performance.now();
      if (nowMs - before < echoMs) return true;
      seenMs.set(event, nowMs);
    }
    return Reflect.apply(emit, process, args);
  }
  process.emit = /** @type {typeof process.emit} */ (emitOnce);
}
