export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

export interface FakeSection {
  readonly mid: string;
  readonly kind: "audio" | "video";
  readonly direction: Direction;
}

export interface FakeSdp {
  readonly ufrag: string;
  readonly fingerprint: string;
  readonly sections: readonly FakeSection[];
}

/** As much SDP as two fakes need to understand each other, in the real syntax (RFC 8866, RFC 8839). */
export function writeSdp({ ufrag, fingerprint, sections }: FakeSdp): string {
  const session = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", `a=fingerprint:sha-256 ${fingerprint}`];
  const media = sections.flatMap(({ mid, kind, direction }) => [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${kind === "audio" ? 111 : 96}`,
    "c=IN IP4 0.0.0.0",
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${ufrag.padEnd(24, "x")}`,
    `a=mid:${mid}`,
    `a=${direction}`,
  ]);
  return `${[...session, ...media].join("\r\n")}\r\n`;
}

/** Throws, as a browser does, on what is no description. */
export function readSdp(sdp: string): FakeSdp {
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
  const fingerprint = /^a=fingerprint:sha-256 (\S+)/m.exec(sdp)?.[1];
  if (!sdp.startsWith("v=0\r\n") || ufrag === undefined || fingerprint === undefined) {
    throw new DOMException("Failed to parse SessionDescription.", "OperationError");
  }
  const sections = sdp.split(/^m=/m).slice(1).map(readSection);
  return { ufrag, fingerprint, sections };
}

function readSection(text: string): FakeSection {
  const mid = /^a=mid:(\S+)/m.exec(text)?.[1] ?? "";
  const direction = (/^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(text)?.[1] ?? "sendrecv") as Direction;
  return { mid, kind: text.startsWith("audio") ? "audio" : "video", direction };
}

export function sends(direction: Direction): boolean {
  return direction === "sendrecv" || direction === "sendonly";
}

export function receives(direction: Direction): boolean {
  return direction === "sendrecv" || direction === "recvonly";
}

export function directionOf(flags: { readonly send: boolean; readonly receive: boolean }): Direction {
  if (flags.send) return flags.receive ? "sendrecv" : "sendonly";
  return flags.receive ? "recvonly" : "inactive";
}

/** What an answer may say to an offered direction, wanting its own (RFC 8829, 5.3.1). */
export function answerDirection(offered: Direction, wanted: Direction): Direction {
  return directionOf({
    send: sends(wanted) && receives(offered),
    receive: receives(wanted) && sends(offered),
  });
}
