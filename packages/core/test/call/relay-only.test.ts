import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeOffer } from "@echoo/testkit";
import { relayCandidate, revealsAddress } from "../../src/call/relay-only.ts";

const relay = "candidate:7 1 udp 41885439 198.51.100.9 49170 typ relay raddr 203.0.113.5 rport 61000 generation 0";
const blank = "candidate:7 1 udp 41885439 198.51.100.9 49170 typ relay raddr 0.0.0.0 rport 9 generation 0";

const six = relay.replace("198.51.100.9", "2001:db8::9");
const plain = "candidate:7 1 udp 4 198.51.100.9 49170 typ relay";

for (const [what, candidate, passes] of [
  ["a host candidate", "candidate:1 1 udp 2122260223 192.168.1.7 50000 typ host generation 0", undefined],
  ["an obfuscated one", "candidate:1 1 udp 2122260223 5f2c.local 50000 typ host", undefined],
  ["a server reflexive one", "candidate:2 1 udp 1686 203.0.113.5 50000 typ srflx raddr 0.0.0.0 rport 0", undefined],
  ["a peer reflexive one", "candidate:2 1 udp 1686 203.0.113.5 50000 typ prflx raddr 0.0.0.0 rport 0", undefined],
  ["a host over TCP", "candidate:1 1 tcp 1518280447 192.168.1.7 9 typ host tcptype active", undefined],
  ["a host that says relay further on", "candidate:1 1 udp 1 192.168.1.7 5 typ host x typ relay", undefined],
  ["a relay with another line behind it", `${relay}\r\na=candidate:1 1 udp 1 192.168.1.7 5 typ host`, undefined],
  ["what is no candidate", "nonsense", undefined],
  ["a relay with its owner's address", relay, blank],
  [
    "a relay of IPv6 with its owner's address",
    six,
    blank.replace("198.51.100.9", "2001:db8::9").replace("0.0.0.0", "::"),
  ],
  ["a relay with that address left blank", blank, blank],
  ["a relay that names no other address", plain, plain],
  ["the end of candidates", "", ""],
] as const) {
  const outcome = passes === undefined ? "left out" : passes === candidate ? "taken as it is" : "taken without that";
  test(`in a call through a relay ${what} is ${outcome}`, () => {
    const given = { candidate, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "abcd" };
    assert.deepEqual(relayCandidate(given), passes === undefined ? undefined : { ...given, candidate: passes });
  });
}

for (const [what, change, reveals] of [
  ["a description before any candidate", (sdp: string) => sdp, false],
  ["one with a relay's candidate", (sdp: string) => `${sdp}a=${blank}\r\n`, false],
  ["one whose default is the relay's", (sdp: string) => withDefault(`${sdp}a=${blank}\r\n`, "198.51.100.9"), false],
  ["one whose default is another's", (sdp: string) => withDefault(`${sdp}a=${blank}\r\n`, "198.51.100.8"), true],
  ["a default of IPv6", (sdp: string) => sdp.replace("c=IN IP4 0.0.0.0", "c=IN IP6 2001:db8::7"), true],
  ["an address for rtcp", (sdp: string) => sdp.replace("a=rtcp:9 IN IP4 0.0.0.0", "a=rtcp:5 IN IP4 10.0.0.7"), true],
  ["an address as its origin", (sdp: string) => sdp.replace("IN IP4 127.0.0.1", "IN IP4 10.0.0.7"), true],
  ["a relay's candidate with its owner's address", (sdp: string) => `${sdp}a=${relay}\r\n`, true],
  ["a host candidate", (sdp: string) => `${sdp}a=candidate:1 1 udp 2 10.0.0.7 5 typ host\r\n`, true],
  [
    "a host candidate between other line ends",
    (sdp: string) => `${sdp}a=candidate:1 1 udp 2 10.0.0.7 5 typ host\n`,
    true,
  ],
] as const) {
  test(`${what} ${reveals ? "names an address" : "names no address"} of its writer`, () => {
    assert.equal(revealsAddress(change(fakeOffer(1).sdp)), reveals);
  });
}

function withDefault(sdp: string, address: string): string {
  return sdp.replaceAll("IN IP4 0.0.0.0", `IN IP4 ${address}`);
}
