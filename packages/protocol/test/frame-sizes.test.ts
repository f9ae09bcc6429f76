import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  clientSchemas,
  frameBytesOf,
  limits,
  parseClientMessage,
  serverMessages,
  serverSchemas,
} from "@echoo/protocol";
import { schemaPool } from "@echoo/protocol/generate";
import { escapedBytes, largestOf } from "./largest-of-schema.ts";

/** A reader that has not taken this much yet is cut: a single message must be less. */
const sendQueueBytes = 1024 * 1024;

function noList(field: string): number {
  throw new Error(`${field} has no bound`);
}

describe("the largest message that the protocol allows fits its frame, however its JSON is escaped:", () => {
  for (const [type, schema] of clientSchemas) {
    test(`a client's ${type}`, () => {
      const pool = schemaPool();
      const described = pool.of(schema, "input");
      const largest = largestOf(described, pool.schemas(), noList);
      const bytes = escapedBytes(largest);
      assert.ok(bytes <= frameBytesOf(type), `${bytes} bytes`);
      assert.ok(frameBytesOf(type) <= limits.skippedFrameBytes);
      // And it is one that is taken.
      if (type === "join" || type === "checkUser" || type.endsWith("watch")) return;
      const parsed = parseClientMessage(JSON.stringify(largest));
      assert.ok(parsed.ok, JSON.stringify(parsed).slice(0, 300));
    });
  }

  test("and one more sample, or one more character, would not be taken", () => {
    const samples = Array.from({ length: limits.samplesPerBatch + 1 }, () => ({ t: 1 }));
    assert.ok(!parseClientMessage(JSON.stringify({ type: "stats", callId: "c", samples })).ok);
    const sdp = "=".repeat(limits.sdpChars + 1);
    assert.ok(!parseClientMessage(JSON.stringify({ type: "offer", to: "1111", sdp })).ok);
  });
});

/** The lists and texts that the server makes itself, and what bounds them. */
const serverMax: Readonly<Record<string, number>> = {
  calls: 53,
  candidates: limits.keptCandidates,
  rebound: 2,
  iceServers: 8,
  urls: 8,
  uris: 16,
  username: 256,
  credential: 256,
  password: 256,
  message: 500,
  warnings: 7,
  users: limits.watchedUsers,
};

describe("the largest message that the server says is read by a client that is only a little behind:", () => {
  for (const [type, schema] of serverSchemas) {
    test(type, () => {
      const pool = schemaPool();
      const described = pool.of(schema, "output");
      const bound = (field: string) => serverMax[field] ?? noList(field);
      const bytes = escapedBytes(withinTheRoom(largestOf(described, pool.schemas(), bound)));
      assert.ok(bytes <= sendQueueBytes, `${bytes} bytes`);
      assert.ok(Object.hasOwn(serverMessages, type));
    });
  }
});

/** Candidates have a room together, in characters of JSON; and of the calls that are told of at a join one alone has descriptions. */
function withinTheRoom(value: unknown, field = ""): unknown {
  if (field === "candidates") return ["c".repeat(limits.keptCandidateChars)];
  if (Array.isArray(value)) {
    return value.map((entry: unknown, i) => withinTheRoom(i > 0 && field === "calls" ? plainCall(entry) : entry));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withinTheRoom(inner, name)]));
}

function plainCall(entry: unknown): unknown {
  const { offer: _offer, answer: _answer, candidates: _candidates, ...rest } = entry as Record<string, unknown>;
  return rest;
}
