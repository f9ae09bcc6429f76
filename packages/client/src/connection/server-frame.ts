import type { ServerMessage, ServerMessageByType, ServerMessageType } from "@echoo/protocol";

type TextFields = { [T in ServerMessageType]: readonly (keyof ServerMessageByType<T>)[] };

/**
 * The texts without which a message means nothing. The server's own validators are not shipped to browsers: they
 * would weigh more than the rest of the SDK. A message that passes is trusted as far as the server is.
 */
const textFields = {
  joined: ["userId", "session"],
  calling: ["callId"],
  offer: ["callId", "from", "sdp"],
  ringing: ["callId"],
  answer: ["callId", "sdp"],
  offerRefused: ["callId"],
  candidate: ["callId"],
  busy: ["callId"],
  reject: ["callId", "reason"],
  hangup: ["callId", "reason"],
  missed: ["callId", "from", "reason"],
  peerLost: ["callId"],
  peerBack: ["callId"],
  mediaState: ["callId"],
  chat: ["callId", "from", "message"],
  emoji: ["callId", "from", "emoji"],
  quality: ["callId", "from", "level"],
  presence: [],
  userList: [],
  userStatus: ["userId"],
  turnCredentials: ["username", "password"],
  authenticated: ["userId"],
  authError: ["message"],
  goaway: [],
  ack: ["id"],
  pong: [],
  tokenExpiring: [],
  error: ["code", "message"],
} as const satisfies TextFields;

const listFields: { readonly [T in ServerMessageType]?: readonly string[] } = {
  joined: ["calls", "iceServers"],
  presence: ["users"],
  userList: ["users"],
  turnCredentials: ["uris"],
};

export type ServerFrame =
  | { readonly kind: "message"; readonly message: ServerMessage }
  /** From a newer server: passed over, though its number counts as received. */
  | { readonly kind: "unknown"; readonly seq: number | undefined }
  | { readonly kind: "broken" };

/** Reads one frame from the server. Never throws. */
export function readServerFrame(frame: unknown): ServerFrame {
  const value = parseObject(frame);
  if (typeof value?.type !== "string") return { kind: "broken" };
  const { type, seq } = value;
  if (!isKnownType(type)) return { kind: "unknown", seq: typeof seq === "number" ? seq : undefined };
  const hasTexts = textFields[type].every((field) => typeof value[field] === "string");
  const hasLists = (listFields[type] ?? []).every((field) => Array.isArray(value[field]));
  return hasTexts && hasLists ? { kind: "message", message: value as unknown as ServerMessage } : { kind: "broken" };
}

interface Envelope {
  readonly type?: unknown;
  readonly seq?: unknown;
  readonly [field: string]: unknown;
}

function parseObject(frame: unknown): Envelope | undefined {
  if (typeof frame !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(frame);
    return typeof value === "object" && value !== null ? (value as Envelope) : undefined;
  } catch {
    return undefined;
  }
}

function isKnownType(type: string): type is ServerMessageType {
  return Object.hasOwn(textFields, type);
}
