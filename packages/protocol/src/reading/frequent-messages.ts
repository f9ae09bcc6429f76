import type { ClientEnvelope, ClientMessage, ClientMessageByType } from "../client-messages.ts";
import { type Candidate, userIdPattern } from "../fields.ts";
import { limits } from "../limits.ts";

/** A parsed object of which nothing is known. */
type Raw = { readonly [key: string]: unknown };
type Candidates = ClientMessageByType<"candidate">;
type Ping = ClientMessageByType<"ping">;

/**
 * Reads the messages that come by far the most, and only where nothing about them is wrong: undefined leaves it to the
 * schemas to decide, and to say what is wrong. What is read is what the schema of its type makes of the same object,
 * which a test holds for made-up and for hostile ones. It is here because a schema's general way costs several times as
 * much as all else that a relayed message needs of validation (docs/adr/0038-what-a-relayed-message-costs.md).
 */
export function readFrequent(value: object): ClientMessage | undefined {
  const raw = value as Raw;
  switch (raw.type) {
    case "candidate":
      return readCandidateMessage(raw);
    case "ping":
      return readPing(raw);
    default:
      return undefined;
  }
}

function readCandidateMessage(raw: Raw): Candidates | undefined {
  const { callId, to } = raw;
  const candidate = raw.candidate === null ? null : readCandidate(raw.candidate);
  if (candidate === undefined || !isAbsentOr(isCallId, callId) || !isAbsentOr(isUserId, to)) return undefined;
  const message: Candidates = { type: "candidate", candidate };
  if (callId !== undefined) message.callId = callId;
  if (to !== undefined) message.to = to;
  return withEnvelope(message, raw);
}

function readCandidate(raw: unknown): Candidate | undefined {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return undefined;
  const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = raw as Raw;
  if (typeof candidate !== "string" || candidate.length > limits.candidateChars) return undefined;
  if (!isAbsentOr(isLabelOrNull, sdpMid) || !isAbsentOr(isLabelOrNull, usernameFragment)) return undefined;
  if (!isAbsentOr(isLineIndexOrNull, sdpMLineIndex)) return undefined;
  const read: Candidate = { candidate };
  if (sdpMid !== undefined) read.sdpMid = sdpMid;
  if (sdpMLineIndex !== undefined) read.sdpMLineIndex = sdpMLineIndex;
  if (usernameFragment !== undefined) read.usernameFragment = usernameFragment;
  return read;
}

function readPing(raw: Raw): Ping | undefined {
  const { seq } = raw;
  if (!isAbsentOr(isSequence, seq)) return undefined;
  const message: Ping = { type: "ping" };
  if (seq !== undefined) message.seq = seq;
  return withEnvelope(message, raw);
}

function withEnvelope<M extends ClientEnvelope>(message: M, { id, n }: Raw): M | undefined {
  if (!isAbsentOr(isMessageId, id) || !isAbsentOr(isSequence, n)) return undefined;
  if (id !== undefined) message.id = id;
  if (n !== undefined) message.n = n;
  return message;
}

/** JSON has no `undefined`: such a field is not there. */
function isAbsentOr<T>(is: (value: unknown) => value is T, value: unknown): value is T | undefined {
  return value === undefined || is(value);
}

function isCallId(value: unknown): value is string {
  return typeof value === "string" && value.length <= limits.callIdChars;
}

function isUserId(value: unknown): value is string {
  return (
    typeof value === "string" && value.length > 0 && value.length <= limits.userIdChars && userIdPattern.test(value)
  );
}

function isMessageId(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= limits.messageIdChars;
}

function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isLabelOrNull(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && value.length <= limits.labelChars);
}

function isLineIndexOrNull(value: unknown): value is number | null {
  return value === null || (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255);
}
