import { randomUUID } from "node:crypto";
import { CurrentPeer, type ServerProcess } from "@echoo/testkit";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const nora = { phone: "+15550100", name: "Nora Reyes" };
export const tomas = { phone: "+15550102", name: "Tomás Herrera" };

export const maya = { phone: "+15550101", name: "Maya Lindqvist" };

const others = {
  maya,
  aiko: { phone: "+15550103", name: "Aiko Watanabe" },
  grandma: { phone: "+15550104", name: "Grandma" },
  leo: { phone: "+15550105", name: "Leo Okafor" },
  ines: { phone: "+15550106", name: "Dr. Ines Baumann" },
};

interface PastCall {
  readonly peer: { readonly phone: string };
  readonly placed: boolean;
  readonly status: "completed" | "missed" | "rejected" | "failed";
  readonly endReason: string;
  readonly video: boolean;
  readonly agoMs: number;
  readonly durationSec: number;
  readonly trouble?: boolean;
}

const past: readonly PastCall[] = [
  call(others.maya, { placed: false, status: "missed", endReason: "no_answer", agoMs: 18 * minuteMs }),
  call(others.aiko, { durationSec: 1284, agoMs: 74 * minuteMs, trouble: true }),
  call(tomas, { status: "missed", endReason: "no_answer", video: false, agoMs: 3 * hourMs }),
  call(others.grandma, { placed: false, durationSec: 3720, video: false, agoMs: 22 * hourMs }),
  call(others.leo, { status: "failed", endReason: "connect_failed", agoMs: 50 * hourMs }),
  call(others.ines, {
    placed: false,
    endReason: "connection_lost",
    durationSec: 194,
    agoMs: 75 * hourMs,
    trouble: true,
  }),
  call(others.maya, { status: "rejected", endReason: "declined", agoMs: 200 * hourMs }),
];

function call(peer: PastCall["peer"], rest: Partial<PastCall> & { readonly agoMs: number }): PastCall {
  const usual = { placed: true, status: "completed", endReason: "hangup", video: true, durationSec: 0 } as const;
  return { peer, ...usual, ...rest };
}

/** Somebody with contacts, some of them online, and a history with graphs: what the pictures show. */
export async function seedPeople(server: ServerProcess): Promise<void> {
  const ask = asker(server);
  const tokens = new Map<string, string>();
  for (const person of [nora, tomas, ...Object.values(others)]) {
    const { token } = await ask("POST", "/api/auth/register", { phone: person.phone, displayName: person.name });
    tokens.set(person.phone, token ?? "");
  }
  for (const { phone, name } of [tomas, ...Object.values(others)]) {
    await ask("PUT", `/api/users/${nora.phone}/contacts/${phone}`, { name }, tokens.get(nora.phone));
  }
  for (const each of past) await seedCall(ask, tokens, each);
  for (const { phone: userId } of [others.maya, others.aiko, others.grandma]) {
    await CurrentPeer.connect(server.wsUrl, { userId, token: tokens.get(userId) ?? "" });
  }
}

type Ask = (method: string, path: string, body: object, token?: string) => Promise<{ token?: string }>;

export function asker(server: ServerProcess): Ask {
  return async (method, path, body, token) => {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const response = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
    const reply = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${reply}`);
    return JSON.parse(reply) as { token?: string };
  };
}

async function seedCall(ask: Ask, tokens: ReadonlyMap<string, string>, each: PastCall): Promise<void> {
  const { peer, placed, status, endReason, video: isVideo, durationSec: duration } = each;
  const callId = randomUUID();
  const startMs = Date.now() - each.agoMs;
  const [caller, callee] = placed ? [nora.phone, peer.phone] : [peer.phone, nora.phone];
  const startTime = new Date(startMs).toISOString();
  const answeredAt = duration > 0 ? { answeredAt: startTime } : {};
  const record = { callId, caller, callee, isVideo, startTime, duration, status, endReason, ...answeredAt };
  await ask("POST", "/api/calls", record);
  if (duration === 0) return;
  for (const phone of [caller, callee]) {
    const samples = samplesFrom(startMs, phone === caller ? 0 : 2, each.trouble ?? false);
    await ask("POST", `/api/stats/calls/${callId}`, { samples }, tokens.get(phone));
  }
}

/** Four minutes of figures, with a bad half minute where there was trouble. */
function samplesFrom(startMs: number, phase: number, trouble: boolean): object[] {
  return Array.from({ length: 120 }, (_, index) => {
    const bad = trouble && index > 70 && index < 86;
    return {
      t: startMs + index * 2000,
      rttMs: Math.round(42 + 14 * Math.sin(index / 9 + phase) + (bad ? 190 : 0)),
      jitterMs: bad ? 28 : 5,
      jitterBufferMs: bad ? 110 : 40,
      lossPercent: bad ? 6 + 3 * Math.sin(index) : 0.2 * Math.max(0, Math.sin(index / 7)),
      sendKbps: Math.round(1450 + 160 * Math.cos(index / 11) - (bad ? 700 : 0)),
      recvKbps: Math.round(1600 + 220 * Math.sin(index / 13 + phase) - (bad ? 900 : 0)),
      pair: "host",
      protocol: "udp",
      dataUsedBytes: index * 760_000,
    };
  });
}
