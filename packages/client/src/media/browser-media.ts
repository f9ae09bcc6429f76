import { EchooError } from "../echoo-error.ts";
import type { MediaPort, PeerConnection, PeerEvents } from "./media-port.ts";

/** The browser's own media. */
export const browserMedia: MediaPort = {
  createPeerConnection,
  createStream: (tracks) => new MediaStream([...tracks]),
  getUserMedia: async (constraints) => devices().getUserMedia(constraints),
  getDisplayMedia: async () => devices().getDisplayMedia({ video: true }),
  enumerateDevices: async () => devices().enumerateDevices(),
};

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
