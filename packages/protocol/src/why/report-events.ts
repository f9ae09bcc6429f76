import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";

/** What a client's timeline of a call is made of. A kind that is not here is left out, so that a newer client is heard. */
export const reportKinds = {
  media: "getUserMedia: `audio` and `video` say what was asked for, `error` why it failed",
  playback: "the browser refuses to play the other side's sound (`refused`), or plays it again (`playing`)",
  track: "a track of `media` of the `local` or `remote` side: ended, muted, unmuted, silent, replaced",
  gathering: "a `state` of the gathering, a `candidate` that was found, or the `code` of an error of a server",
  ice: "a state of ICE",
  connection: "a state of the connection as a whole, DTLS included",
  signaling: "a state of the negotiation",
  pair: "the pair of candidates in use: its own side's type, and the `remote` one's",
  restart: "ICE was restarted",
  device: "a device was plugged in or out, or another one is used",
  page: "hidden, visible, frozen, resumed, reloaded, leaving, offline, online",
  negotiation: "the step of a negotiation that failed",
  codec: "what the sound and the picture are encoded with",
  end: "what the user of this side did to end the call",
} as const;
export type ReportKind = keyof typeof reportKinds;

/** The words that events may hold; there are no others, so that no address, name of a device or SDP can get in. */
export const reportWords = {
  error: [
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
    "Error",
  ],
  state: [
    ...["new", "checking", "connecting", "connected", "completed", "disconnected", "failed", "closed"],
    ...["gathering", "complete"],
    ...["stable", "have-local-offer", "have-remote-offer", "have-local-pranswer", "have-remote-pranswer"],
    ...["ended", "muted", "unmuted", "silent", "replaced"],
    ...["refused", "playing"],
    ...["added", "removed", "changed"],
    ...["hidden", "visible", "frozen", "resumed", "reloaded", "leaving", "offline", "online"],
    ...["hangup", "cancel", "decline"],
  ],
  cause: ["user", "device", "browser", "network"],
  step: ["localDescription", "remoteDescription", "offer", "answer", "candidate"],
  candidate: ["host", "srflx", "prflx", "relay"],
  scheme: ["stun", "stuns", "turn", "turns"],
  transport: ["udp", "tcp", "tls"],
  network: ["wifi", "cellular", "ethernet", "bluetooth", "vpn", "unknown"],
} as const;

const word = <const W extends readonly [string, ...string[]]>(words: W) => z.enum(words);
const iceErrorCodeMax = 799;

/** One event of a side's timeline, of a kind and with words that are known. */
export const reportEvent = z
  .object({
    n: f.sequence.max(limits.sampleCount).describe("Rises by one with each event of the side, from 0."),
    t: f.timeMs.describe("By the client's clock, in milliseconds since the epoch."),
    kind: z.enum(Object.keys(reportKinds) as [ReportKind, ...ReportKind[]]),
    state: word(reportWords.state as unknown as readonly [string, ...string[]]).optional(),
    side: z.enum(["local", "remote"]).optional(),
    media: z.enum(["audio", "video"]).optional(),
    audio: f.flag.optional(),
    video: f.flag.optional(),
    error: word(reportWords.error).optional(),
    cause: word(reportWords.cause).optional(),
    step: word(reportWords.step).optional(),
    candidate: word(reportWords.candidate).optional(),
    remote: word(reportWords.candidate).optional().describe("the type of the other side's candidate in use"),
    scheme: word(reportWords.scheme).optional(),
    transport: word(reportWords.transport).optional(),
    network: word(reportWords.network).optional(),
    code: z.int().min(0).max(iceErrorCodeMax).optional().describe("of icecandidateerror"),
    codec: z
      .string()
      .regex(/^(audio|video)\/[\w.-]+$/)
      .max(limits.codecChars)
      .optional(),
  })
  .meta({ id: "ReportEvent" });
export type ReportEvent = z.infer<typeof reportEvent>;

/** As events come: whatever is not known of one is left out, and one of an unknown kind as a whole. */
export const reportedEvents = z
  .array(z.looseObject({ n: z.number(), t: z.number(), kind: f.text(limits.reportKindChars) }))
  .max(limits.reportEvents)
  .describe("Events as `ReportEvent` has them; those of an unknown kind are left out.");
export type ReportedEvents = z.infer<typeof reportedEvents>;

/** The events that are known, each without what is not known of it. */
export function knownEvents(reported: ReportedEvents): ReportEvent[] {
  return reported.flatMap((event) => {
    const whole = reportEvent.safeParse(event);
    if (whole.success) return [whole.data];
    const wrong = new Set(whole.error.issues.map(({ path }) => String(path[0])));
    const rest = Object.fromEntries(Object.entries(event).filter(([field]) => !wrong.has(field)));
    const known = reportEvent.safeParse(rest);
    return known.success ? [known.data] : [];
  });
}
