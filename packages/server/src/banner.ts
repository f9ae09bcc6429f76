import type { Config } from "./config/read-config.ts";
import type { RunningServer } from "./start-server.ts";

/** What a person who starts the server wants to know: where things are, and who may use them. */
export function banner(config: Config, server: RunningServer): string {
  const host = config.host === "0.0.0.0" || config.host === "::" ? "127.0.0.1" : config.host;
  const local = `http://${host.includes(":") ? `[${host}]` : host}:${server.port}`;
  const base = config.publicUrl ?? local;
  const socket = base.replace(/^http/, "ws");
  return [
    "",
    `  Echoo ${server.version} is listening on ${local}`,
    "",
    `  Web phone    ${base}/`,
    `  API docs     ${base}/docs`,
    `  WebSocket    ${socket}/ws`,
    `  Health       ${base}/api/health`,
    `  Data         ${config.dataDir}`,
    "",
    `  ${server.access}`,
    "",
  ].join("\n");
}
