import { every } from "../platform.ts";

/** When a tone sounds within one period, in seconds, and its two frequencies in hertz. */
interface Pattern {
  readonly periodMs: number;
  readonly bursts: readonly {
    readonly at: number;
    readonly length: number;
    readonly hertz: readonly [number, number];
  }[];
  readonly gain: number;
}

const patterns = {
  /** Two rising pairs, for the callee. */
  incoming: {
    periodMs: 3000,
    gain: 0.16,
    bursts: [
      { at: 0, length: 0.26, hertz: [523, 659] },
      { at: 0.3, length: 0.26, hertz: [659, 784] },
      { at: 0.8, length: 0.26, hertz: [523, 659] },
      { at: 1.1, length: 0.4, hertz: [659, 784] },
    ],
  },
  /** The tone a caller knows: long, low, far apart. */
  outgoing: { periodMs: 4000, gain: 0.045, bursts: [{ at: 0, length: 1.1, hertz: [425, 425] }] },
} as const satisfies Record<string, Pattern>;

const fadeSec = 0.03;

/** Rings through Web Audio; no file is needed. */
export class RingTone {
  #context: AudioContext | undefined;
  #stopRepeating: (() => void) | undefined;

  /** Whether the browser keeps the page silent until the user touches it. */
  get silenced(): boolean {
    return this.#context?.state === "suspended";
  }

  start(kind: keyof typeof patterns): void {
    this.stop();
    if (typeof AudioContext === "undefined") return;
    const context = new AudioContext();
    this.#context = context;
    const pattern: Pattern = patterns[kind];
    // Resolves at once where sound is allowed, else with the first touch.
    context.resume().then(
      () => play(context, pattern),
      // A ring that stops before it was allowed to sound takes the promise with it.
      () => undefined,
    );
    this.#stopRepeating = every(pattern.periodMs, () => play(context, pattern));
  }

  /** Browsers let sound start with a touch or a key; the page passes those on. */
  wake(): void {
    this.#context?.resume().catch(() => undefined);
  }

  stop(): void {
    this.#stopRepeating?.();
    this.#stopRepeating = undefined;
    this.#context?.close().catch(() => undefined);
    this.#context = undefined;
  }
}

function play(context: AudioContext, pattern: Pattern): void {
  if (context.state !== "running") return;
  for (const burst of pattern.bursts) {
    const gain = context.createGain();
    gain.connect(context.destination);
    const start = context.currentTime + burst.at;
    const end = start + burst.length;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(pattern.gain, start + fadeSec);
    gain.gain.setValueAtTime(pattern.gain, end - fadeSec);
    gain.gain.linearRampToValueAtTime(0, end);
    for (const hertz of new Set(burst.hertz)) {
      const voice = context.createOscillator();
      voice.type = "sine";
      voice.frequency.value = hertz;
      voice.connect(gain);
      voice.start(start);
      voice.stop(end);
    }
  }
}
