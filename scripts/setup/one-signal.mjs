const echoMs = 300;

/**
 * Swallows a signal that repeats one from a moment ago. npm passes on a Ctrl-C that the terminal has delivered to the
 * server already, and the server must not take the echo for an impatient second Ctrl-C, which ends it without grace.
 * @param {import("node:events").EventEmitter} program
 * @param {() => number} nowMs
 */
export function swallowEchoedSignals(program, nowMs) {
  const emit = program.emit;
  /** @type {Map<string, number>} */
  const heardMs = new Map();
  program.emit = (event, ...args) => {
    if (event === "SIGINT" || event === "SIGTERM") {
      const before = heardMs.get(event) ?? Number.NEGATIVE_INFINITY;
      if (nowMs() - before < echoMs) return true;
      heardMs.set(event, nowMs());
    }
    return Reflect.apply(emit, program, [event, ...args]);
  };
}
