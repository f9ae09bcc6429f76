import type { Call, CandidateOrEnd } from "./call.ts";
import type { CallInput } from "./input.ts";
import { refuse, type Step } from "./step.ts";

/** Addresses that tell nothing about who wrote them. */
const silent = /^(0\.0\.0\.0|127\.\d+\.\d+\.\d+|::|::1)$/;

/**
 * What an input comes to in a call whose media must go through a relay. Candidates that name an address of a party are
 * left out; a description that names one is refused, for descriptions are relayed byte for byte or not at all.
 */
export function keepToRelay(call: Call, input: CallInput): { pass: CallInput } | { instead: Step } {
  if (call.state === "ended" || !call.relayOnly) return { pass: input };
  switch (input.type) {
    case "candidate": {
      const candidate = relayCandidate(input.candidate);
      return candidate === undefined ? { instead: [call, []] } : { pass: { ...input, candidate } };
    }
    case "answer":
    case "offerAgain":
      return revealsAddress(input.sdp) ? { instead: refuse(call, "relay_only") } : { pass: input };
    default:
      return { pass: input };
  }
}

/** What the parties of such a call are told. */
export function relayPolicy(call: { readonly relayOnly?: true }): { iceTransportPolicy?: "relay" } {
  return call.relayOnly ? { iceTransportPolicy: "relay" } : {};
}

/** A relay's candidate without the related address, which is its owner's own (RFC 8839, 5.1); undefined for any other. */
export function relayCandidate(value: CandidateOrEnd): CandidateOrEnd | undefined {
  if (value === null || value.candidate === "") return value;
  const parts = relayParts(value.candidate);
  return parts && { ...value, candidate: withoutRelated(parts).join(" ") };
}

/** Whether a peer who reads this description learns an address other than those of relays. */
export function revealsAddress(sdp: string): boolean {
  const relays = new Set<string>();
  const others: string[] = [];
  for (const line of sdp.split(/[\r\n]+/)) {
    if (line.startsWith("a=candidate:")) {
      const parts = relayParts(line.slice("a=".length));
      if (!parts || withoutRelated(parts).join(" ") !== parts.join(" ")) return true;
      relays.add(parts[4] ?? "");
    } else {
      // The origin, the connection and the rtcp line: "… IN IP4 192.0.2.7".
      const address = /^(?:o=|c=|a=rtcp:).*\bIN IP[46] ([^\s/]+)/i.exec(line)?.[1];
      if (address !== undefined) others.push(address);
    }
  }
  return others.some((address) => !silent.test(address) && !relays.has(address));
}

/** "candidate:1 1 udp 41885439 192.0.2.7 49152 typ relay raddr …", word by word. */
function relayParts(candidate: string): string[] | undefined {
  if (/[\r\n]/.test(candidate)) return undefined;
  const parts = candidate.trim().split(/\s+/);
  const isRelay = parts[0]?.startsWith("candidate:") && parts[6] === "typ" && parts[7] === "relay";
  return isRelay ? parts : undefined;
}

function withoutRelated(parts: readonly string[]): string[] {
  const [address, port] = [parts.indexOf("raddr") + 1, parts.indexOf("rport") + 1];
  if (address === 0 || silent.test(parts[address] ?? "")) return [...parts];
  const blank = parts[4]?.includes(":") ? "::" : "0.0.0.0";
  return parts.map((part, at) => (at === address ? blank : at === port && port > 0 ? "9" : part));
}
