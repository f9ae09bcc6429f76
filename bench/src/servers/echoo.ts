import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { versionOf } from "./version-of.ts";
import type { Joined, Message, Resume, Subject, Wire } from "./wire.ts";

const wire: Wire = {
  path: () => "/",
  greeting: (userId: string, resume?: Resume) =>
    JSON.stringify({ type: "join", userId, protocol: 2, deviceId: `device-${userId}`, ...(resume ? { resume } : {}) }),
  joined: (text) => (text.startsWith('{"type":"joined"') ? (JSON.parse(text) as Joined) : undefined),
  write: (_from, to, message, n) => JSON.stringify({ ...message, to, n }),
  read(text) {
    const message = JSON.parse(text) as Message;
    return message.type === "pong" ? undefined : message;
  },
  confirm: (seq) => JSON.stringify({ type: "ping", seq }),
};

/** Those that `npm start` gives to Node: what is measured is what is started. */
function flagsOfStart(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
    readonly scripts: { readonly start: string };
  };
  return scripts.start.split(" ").filter((word) => word.startsWith("--"));
}

export interface EchooOptions {
  readonly name?: string;
  /** From its sources it starts without a build, as tests need it; what it costs is measured as it is built. */
  readonly from?: "dist" | "source";
  readonly env?: Readonly<Record<string, string>>;
}

/** Echoo with its defaults, but for the limits that would hold the load back. They are refused in production. */
export function echoo({ name = "Echoo", from = "dist", env = {} }: EchooOptions = {}): Subject {
  const entry = (path: string) => fileURLToPath(new URL(`../../../packages/server/${path}`, import.meta.url));
  const args =
    from === "dist"
      ? [...flagsOfStart(), entry("dist/main.js")]
      : ["--conditions=source", "--import", "tsx", entry("src/main.ts")];
  return {
    name,
    version: versionOf("@echoo/server"),
    secure: env.TLS_CERT !== undefined,
    wire,
    command: (folder) => ({
      args,
      env: { HOST: "127.0.0.1", ECHOO_DATA: folder, ECHOO_RATE_LIMITS: "off", ECHOO_DEV_HTTPS_PORT: "off", ...env },
    }),
  };
}
