import { useEffect, useRef } from "preact/hooks";
import { say } from "../../i18n/say.ts";
import { every } from "../../platform.ts";

const periodMs = 80;
/** The quietest that shows, in decibels below the loudest there is. */
const rangeDb = 60;

/** How loud the microphone is right now, so that a person sees that it hears them. */
export function LevelMeter({ track }: { readonly track: MediaStreamTrack | undefined }) {
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    if (!track || typeof AudioContext === "undefined") return;
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const stop = every(periodMs, () => {
      analyser.getFloatTimeDomainData(samples);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6);
      if (meter.current) meter.current.value = Math.max(0, 1 + (20 * Math.log10(loudest)) / rangeDb);
    });
    return () => {
      stop();
      context.close().catch(() => undefined);
    };
  }, [track]);
  return <meter ref={meter} class="level" min={0} max={1} value={0} aria-label={say.call.level} data-testid="level" />;
}
