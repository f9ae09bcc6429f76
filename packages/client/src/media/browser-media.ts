import { EchooError } from "../echoo-error.ts";
import type { Hearing, MediaPort, PeerConnection, PeerEvents } from "./media-port.ts";

/** The browser's own media. */
export const browserMedia: MediaPort = {
  createPeerConnection,
  createStream: (tracks) => new MediaStream([...tracks]),
  getUserMedia: async (constraints) => devices().getUserMedia(constraints),
  getDisplayMedia: async () => devices().getDisplayMedia({ video: true }),
  enumerateDevices: async () => devices().enumerateDevices(),
  listen,
};

const listenedSamples = 32_768;

/** Through Web Audio, which is silent itself until its user has touched the page: then nothing is told. */
function listen(track: MediaStreamTrack): Hearing | undefined {
  if (typeof AudioContext === "undefined") return undefined;
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: listenedSamples });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(listenedSamples);
  return {
    loudest() {
      // A window that is not full yet begins with zeros that the microphone did not record.
      if (context.state !== "running" || context.currentTime * context.sampleRate < listenedSamples) return undefined;
      analyser.getFloatTimeDomainData(samples);
      return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    },
    stop() {
      context.close().catch(() => undefined);
    },
  };
}

/** A page without a secure context has no `mediaDevices` at all. */
function devices(): MediaDevices {
  const devices: MediaDevices | undefined = globalThis.navigator?.mediaDevices;
  if (devices === undefined) throw new EchooError("insecure_context");
  return devices;
}

function createPeerConnection(configuration: RTCConfiguration, events: PeerEvents): PeerConnection {
  const connection = new RTCPeerConnection(configuration);
  connection.addEventListener("icecandidate", ({ candidate }) => {
    // Browsers also announce the end of each generation's candidates with an empty one; null says it once for all.
    if (candidate === null || candidate.candidate !== "") events.candidate(candidate?.toJSON() ?? null);
  });
  connection.addEventListener("track", ({ track }) => events.track(track));
  connection.addEventListener("negotiationneeded", () => events.negotiationNeeded());
  connection.addEventListener("connectionstatechange", () => events.stateChange());
  connection.addEventListener("iceconnectionstatechange", () => events.stateChange());
  return connection as PeerConnection;
}
