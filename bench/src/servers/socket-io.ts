import { fileURLToPath } from "node:url";
import { versionOf } from "./version-of.ts";
import type { Message, Subject, Wire } from "./wire.ts";

/** Packets of Engine.IO 4 that hold packets of Socket.IO 5: 4 is a message, 0 a connect, 2 an event; a lone 2 is a ping. */
const wire: Wire = {
  path: () => "/socket.io/?EIO=4&transport=websocket",
  greeting: (userId) => `40${JSON.stringify({ userId })}`,
  joined: (text) => (text.startsWith("40") ? {} : undefined),
  write: (_from, to, message) => `42${JSON.stringify(["message", { to, message }])}`,
  read: (text) => (text.startsWith("42") ? (JSON.parse(text.slice(2)) as [string, Message])[1] : undefined),
  reply: (text) => (text === "2" ? "3" : undefined),
};

/** Rooms and events: what many write their own signaling on. */
export function socketIo(): Subject {
  const main = fileURLToPath(new URL("./socket-io-main.mjs", import.meta.url));
  return { name: "Socket.IO", version: versionOf("socket.io"), wire, command: () => ({ args: [main], env: {} }) };
}
