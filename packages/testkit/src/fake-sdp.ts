import { seededRandom } from "./seeded-random.ts";

export interface FakeCandidate {
  readonly candidate: string;
  readonly sdpMid: string;
  readonly sdpMLineIndex: number;
  readonly usernameFragment: string;
}

/** The session description of one side, and candidates that belong to it. */
export interface FakeSide {
  readonly ufrag: string;
  readonly sdp: string;
  candidates(count: number): FakeCandidate[];
}

/**
 * An offer as a browser writes it for audio and video, of about 4.4 kB, different for every seed. It ends lines with
 * CRLF and has the characters that careless JSON or HTML handling changes, so that it must be relayed byte for byte.
 */
export function fakeOffer(seed: number): FakeSide {
  return side(seed, "actpass");
}

/** The answer of the other side. */
export function fakeAnswer(seed: number): FakeSide {
  return side(seed + 0x10000, "active");
}

function side(seed: number, setup: "actpass" | "active"): FakeSide {
  const random = seededRandom(seed);
  const ufrag = token(random, 4);
  const transport = [
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${token(random, 24)}`,
    "a=ice-options:trickle",
    `a=fingerprint:sha-256 ${fingerprint(random)}`,
    `a=setup:${setup}`,
  ];
  const lines = [
    ...["v=0", `o=- ${digits(random, 19)} 2 IN IP4 127.0.0.1`, "s=-", "t=0 0", "a=group:BUNDLE 0 1"],
    ...["a=extmap-allow-mixed", `a=msid-semantic: WMS ${token(random, 36)}`],
    ...audioLines(transport, random),
    ...videoLines(transport, random),
  ];
  return {
    ufrag,
    sdp: `${lines.join("\r\n")}\r\n`,
    candidates: (count) => Array.from({ length: count }, (_, i) => candidate(random, ufrag, i)),
  };
}

function audioLines(transport: readonly string[], random: () => number): string[] {
  return [
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126",
    ...transport,
    ...["a=mid:0", ...extensions("ssrc-audio-level", "transport-wide-cc", "sdes:mid"), "a=sendrecv", "a=rtcp-mux"],
    ...["a=rtpmap:111 opus/48000/2", "a=rtcp-fb:111 transport-cc", "a=fmtp:111 minptime=10;useinbandfec=1"],
    ...["a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111", "a=rtpmap:9 G722/8000", "a=rtpmap:0 PCMU/8000"],
    ...["a=rtpmap:8 PCMA/8000", "a=rtpmap:13 CN/8000", "a=rtpmap:110 telephone-event/48000"],
    ...sources(random),
  ];
}

/** Payload types as a browser numbers them: a codec, then its retransmission. */
const videoCodecs = [
  "VP8",
  "H264;level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f",
  "H264;level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f",
  "H264;level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f",
  "H264;level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=4d001f",
  "H264;level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f",
  "VP9;profile-id=0",
  "VP9;profile-id=2",
  "AV1;level-idx=5;profile=0;tier=0",
];

function videoLines(transport: readonly string[], random: () => number): string[] {
  const types = videoCodecs.flatMap((_, i) => [96 + 2 * i, 97 + 2 * i]);
  return [
    `m=video 9 UDP/TLS/RTP/SAVPF ${types.join(" ")}`,
    ...transport,
    ...[
      "a=mid:1",
      ...extensions(
        "toffset",
        "abs-send-time",
        "3gpp:video-orientation",
        "transport-wide-cc",
        "playout-delay",
        "video-content-type",
        "video-timing",
        "color-space",
        "sdes:mid",
        "sdes:rtp-stream-id",
      ),
    ],
    ...["a=sendrecv", "a=rtcp-mux", "a=rtcp-rsize"],
    ...videoCodecs.flatMap((codec, i) => codecLines(codec, 96 + 2 * i)),
    ...sources(random),
  ];
}

function codecLines(codec: string, type: number): string[] {
  const [name, ...parameters] = codec.split(";");
  const feedback = ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"];
  return [
    `a=rtpmap:${type} ${name}/90000`,
    ...feedback.map((kind) => `a=rtcp-fb:${type} ${kind}`),
    ...(parameters.length === 0 ? [] : [`a=fmtp:${type} ${parameters.join(";")}`]),
    `a=rtpmap:${type + 1} rtx/90000`,
    `a=fmtp:${type + 1} apt=${type}`,
  ];
}

function extensions(...names: string[]): string[] {
  return names.map((name, i) => `a=extmap:${i + 1} urn:ietf:params:rtp-hdrext:${name}`);
}

function sources(random: () => number): string[] {
  const ssrc = digits(random, 10);
  const stream = `${token(random, 36)} ${token(random, 36)}`;
  // Apps put names here: letters beyond ASCII, and what HTML and JSON escape, must arrive as they were.
  return [`a=ssrc:${ssrc} cname:${token(random, 12)}`, `a=ssrc:${ssrc} msid:${stream}`, "a=x-name:Zoë <&=\"'\\/> 📞"];
}

function candidate(random: () => number, usernameFragment: string, index: number): FakeCandidate {
  const address = `192.168.${Math.floor(random() * 256)}.${1 + Math.floor(random() * 254)}`;
  const port = 49_152 + Math.floor(random() * 16_384);
  const priority = 2_122_260_223 - index;
  const text = `candidate:${digits(random, 10)} 1 udp ${priority} ${address} ${port} typ host generation 0`;
  const sdpMLineIndex = index % 2;
  return {
    candidate: `${text} ufrag ${usernameFragment} network-id 1`,
    sdpMid: String(sdpMLineIndex),
    sdpMLineIndex,
    usernameFragment,
  };
}

function token(random: () => number, length: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}

function digits(random: () => number, length: number): string {
  return Array.from({ length }, (_, i) => Math.floor(random() * (i === 0 ? 9 : 10)) + (i === 0 ? 1 : 0)).join("");
}

function fingerprint(random: () => number): string {
  const byte = () => Math.floor(random() * 256);
  return Array.from({ length: 32 }, () => byte().toString(16).toUpperCase().padStart(2, "0")).join(":");
}
