import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** A WebSocket server that does what a test says with each frame; it ends with the test. */
export async function messageServer(
  test: { after(run: () => void): void },
  onMessage: (text: string, socket: WebSocket) => void,
): Promise<{ url: string; port: number; server: WebSocketServer }> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", maxPayload: 64 * 1024 });
  server.on("connection", (socket) => {
    socket.on("message", (data) => onMessage(String(data), socket));
    socket.on("error", () => {});
  });
  await new Promise((resolve) => server.once("listening", resolve));
  test.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/`, port, server };
}

/** The words of a server that lets everybody in and answers pings. */
export function politely(text: string, socket: WebSocket): void {
  const message = JSON.parse(text) as { type: string; userId?: string };
  const say = (value: object) => socket.send(JSON.stringify(value));
  if (message.type === "ping") say({ type: "pong", time: 0 });
  if (message.type === "join") say(joined(message.userId ?? ""));
}

export function joined(userId: string, more: object = {}): object {
  const session = { session: "s1", resumed: false, protocol: 2, pingMs: 15_000, resumeMs: 45_000 };
  return { type: "joined", userId, ...session, calls: [], iceServers: [], time: 0, ...more };
}
