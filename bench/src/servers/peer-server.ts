import { fileURLToPath } from "node:url";
import { versionOf } from "./version-of.ts";
import type { Message, Subject, Wire } from "./wire.ts";

/** It carries three types of message; what it has no word for travels as the cheapest of them. */
const types: Readonly<Record<string, string>> = { offer: "OFFER", answer: "ANSWER" };

const wire: Wire = {
  path: (userId) => `/peerjs?key=peerjs&id=${userId}&token=${userId}`,
  greeting: () => undefined,
  joined: (text) => (text.startsWith('{"type":"OPEN"') ? {} : undefined),
  write: (_from, to, message) =>
    JSON.stringify({ type: types[message.type] ?? "CANDIDATE", dst: to, payload: message }),
  read: (text) => (JSON.parse(text) as { payload?: Message }).payload,
};

/** The relay of PeerJS. It remembers offers whose callee is away, and knows no calls. */
export function peerServer(): Subject {
  const main = fileURLToPath(new URL("./peer-server-main.mjs", import.meta.url));
  return { name: "PeerServer", version: versionOf("peer"), wire, command: () => ({ args: [main], env: {} }) };
}
