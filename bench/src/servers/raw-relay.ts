import { fileURLToPath } from "node:url";
import { versionOf } from "./version-of.ts";
import type { Subject, Wire } from "./wire.ts";

const wire: Wire = {
  path: () => "/",
  greeting: (userId) => JSON.stringify({ type: "join", userId }),
  joined: (text) => (text.startsWith('{"type":"joined"') ? {} : undefined),
  write: (from, to, message) => JSON.stringify({ ...message, from, to }),
  read: (text) => JSON.parse(text),
};

/** The relay that everything is compared with; over TLS with the given files. */
export function rawRelay(tls: Readonly<Record<string, string>> = {}): Subject {
  const main = fileURLToPath(new URL("../raw-relay/main.mjs", import.meta.url));
  const secure = tls.TLS_CERT !== undefined;
  const version = `ws ${versionOf("ws")}`;
  return { name: "raw relay", version, wire, secure, command: () => ({ args: [main], env: tls }) };
}
