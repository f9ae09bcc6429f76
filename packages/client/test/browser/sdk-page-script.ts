import { type Call, EchooClient } from "@echoo/client";
import type { SdkPage } from "./sdk-page.ts";

type Name = "ann" | "bob";

const connections: RTCPeerConnection[] = [];
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.push(this);
  }
};
const clients = new Map<Name, EchooClient>();
const calls = new Map<Name, Call>();

async function statsOf(name: Name, kind: "audio" | "video"): Promise<number> {
  let count = 0;
  const report = await page.call(name).getStats();
  report?.forEach((entry: Record<string, unknown>) => {
    if (entry.type !== "inbound-rtp" || entry.kind !== kind) return;
    count += Number((kind === "video" ? entry.framesDecoded : entry.packetsReceived) ?? 0);
  });
  return count;
}

const page: SdkPage = {
  join(name, url, userId) {
    const client = new EchooClient({ url, userId });
    clients.set(name, client);
    client.on("call", (call) => calls.set(name, call));
    return new Promise((resolve) => {
      client.on("status", (status) => {
        if (status === "online") resolve();
      });
      client.connect();
    });
  },
  client: (name) => clients.get(name) as EchooClient,
  call: (name) => calls.get(name) as Call,
  async inState(name, wanted) {
    while (!calls.has(name)) await new Promise((resolve) => page.client(name).on("call", resolve));
    const call = page.call(name);
    if (call.state === wanted) return;
    await new Promise<void>((resolve, reject) => {
      call.on("state", (state) => {
        if (state === wanted) resolve();
        else if (state === "ended") reject(new Error(`ended: ${call.endReason}`));
      });
    });
  },
  async candidateTypes(name, whose = "local") {
    const types = new Set<string>();
    const report = await page.call(name).getStats();
    report?.forEach((entry: Record<string, unknown>) => {
      // A reflexive one of the peer was noticed by the browser itself, and never sent.
      if (entry.type === `${whose}-candidate` && entry.candidateType !== "prflx")
        types.add(String(entry.candidateType));
    });
    return [...types];
  },
  ufrag: () => /a=ice-ufrag:(\S+)/.exec(connections[0]?.localDescription?.sdp ?? "")?.[1],
  pretendIceDown() {
    const [first] = connections;
    if (first === undefined) throw new Error("there is no connection");
    let isDown = true;
    const get = () => (isDown ? "failed" : "connected");
    Object.defineProperty(first, "iceConnectionState", { configurable: true, get });
    first.addEventListener("signalingstatechange", () => {
      isDown = false;
    });
  },
  received: statsOf,
  async flows(name, kind) {
    const before = await statsOf(name, kind);
    while ((await statsOf(name, kind)) <= before) await new Promise(requestAnimationFrame);
  },
};
globalThis.sdk = page;
