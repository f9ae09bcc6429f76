import type { ReportEvent } from "@echoo/protocol";
import type { MediaPort, PeerConnection } from "../media/media-port.ts";
import type { CallReport, Told } from "./call-report.ts";

const errors = [
  "NotAllowedError",
  "NotFoundError",
  "NotReadableError",
  "OverconstrainedError",
  "AbortError",
  "SecurityError",
  "TypeError",
  "InvalidAccessError",
  "InvalidStateError",
  "OperationError",
  "RTCError",
  "SyntaxError",
] as const;

/** The browser's name of what went wrong, where it is one of those that may be told. */
function errorName(cause: unknown): NonNullable<ReportEvent["error"]> {
  const name = cause instanceof Error ? cause.name : "";
  return errors.find((known) => known === name) ?? "Error";
}

/** The same media, of which a call's report learns what becomes of it. */
export function observedMedia(media: MediaPort, report: CallReport): MediaPort {
  const opened = new Set<string>();
  return {
    ...media,
    async getUserMedia(constraints) {
      const asked = { audio: Boolean(constraints.audio), video: Boolean(constraints.video) };
      try {
        const stream = await media.getUserMedia(constraints);
        report.note("media", asked);
        for (const track of stream.getTracks()) watchTrack(track, opened, report);
        return stream;
      } catch (cause) {
        report.note("media", { ...asked, error: errorName(cause) });
        throw cause;
      }
    },
    createPeerConnection(configuration, events) {
      report.seen.isRelayed = configuration.iceServers?.some(({ urls }) => /\bturns?:/.test(String(urls))) ?? false;
      const connection = media.createPeerConnection(configuration, events);
      watchConnection(connection, report);
      return connection;
    },
  };
}

function watchTrack(track: MediaStreamTrack, opened: Set<string>, report: CallReport): void {
  const about = { side: "local", media: track.kind as "audio" | "video" } as const;
  if (opened.has(track.kind)) report.note("track", { ...about, state: "replaced" });
  opened.add(track.kind);
  // A track that this side stops itself tells nothing: what ended did so without its user.
  track.addEventListener("ended", () => report.note("track", { ...about, state: "ended", cause: "device" }));
  // The system muted it for a while; what its user mutes is told of by the call.
  track.addEventListener("mute", () => report.note("track", { ...about, state: "muted", cause: "device" }));
  track.addEventListener("unmute", () => report.note("track", { ...about, state: "unmuted", cause: "device" }));
}

/** The steps of a negotiation, by the methods that take them. */
const steps = { setLocalDescription: "localDescription", setRemoteDescription: "remoteDescription" } as const;

function watchConnection(connection: PeerConnection, report: CallReport): void {
  // A fake has no events of its own, and is not watched.
  const target = connection as PeerConnection &
    Partial<Pick<RTCPeerConnection, "addEventListener" | "iceGatheringState">>;
  const on = (type: string, run: (event: Event) => void) => target.addEventListener?.(type, run);
  const state = (value: string | undefined): Told => ({ state: value });
  on("icegatheringstatechange", () => report.note("gathering", state(target.iceGatheringState)));
  on("iceconnectionstatechange", () => report.note("ice", state(connection.iceConnectionState)));
  on("connectionstatechange", () => report.note("connection", state(connection.connectionState)));
  on("signalingstatechange", () => report.note("signaling", state(connection.signalingState)));
  on("icecandidate", (event) => {
    const { candidate } = event as RTCPeerConnectionIceEvent;
    if (candidate?.type) report.note("gathering", candidateFacts(candidate));
  });
  on("icecandidateerror", (event) => {
    const { errorCode: code, url } = event as RTCPeerConnectionIceErrorEvent;
    report.note("gathering", { code, ...serverFacts(url) });
  });
  for (const [method, step] of Object.entries(steps) as [keyof typeof steps, (typeof steps)[keyof typeof steps]][]) {
    const take = (connection[method] as (description?: unknown) => Promise<void>).bind(connection);
    Object.defineProperty(connection, method, {
      value: (description?: unknown) =>
        take(description).catch((cause: unknown) => {
          report.note("negotiation", { step, error: errorName(cause) });
          throw cause;
        }),
    });
  }
  const restart = connection.restartIce.bind(connection);
  Object.defineProperty(connection, "restartIce", {
    value: () => {
      report.note("restart", {});
      restart();
    },
  });
}

/** Its type and the way to its server; nothing of any address. */
function candidateFacts(candidate: RTCIceCandidate): Told {
  const { type, protocol } = candidate;
  const { relayProtocol, url } = candidate as RTCIceCandidate & { relayProtocol?: string | null; url?: string | null };
  const transport = (["udp", "tcp", "tls"] as const).find((one) => one === (relayProtocol ?? protocol));
  return { ...serverFacts(url ?? ""), ...(type ? { candidate: type } : {}), ...(transport ? { transport } : {}) };
}

/** The scheme and transport of an ICE server's address: never its host, nor what follows it. */
function serverFacts(url: string): Told {
  const [, scheme] = /^(stuns?|turns?):/.exec(url) ?? [];
  if (scheme === undefined) return {};
  const transport = scheme === "turns" ? "tls" : url.includes("transport=tcp") ? "tcp" : "udp";
  return { scheme: scheme as NonNullable<Told["scheme"]>, transport };
}
