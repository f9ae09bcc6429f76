import type { Config } from "./config/read-config.ts";
import type { RunningServer } from "./start-server.ts";

/** What a person who starts the server wants to know: where things are, and who may use them. */
export function banner(
  config: Pick<Config, "host" | "publicUrl" | "dataDir">,
  server: Pick<RunningServer, "port" | "version" | "access" | "openAddresses">,
): string {
  const isEverywhere = config.host === "0.0.0.0" || config.host === "::";
  const local = addressOf(isEverywhere ? "127.0.0.1" : config.host, server.port);
  const base = config.publicUrl ?? local;
  const others = isEverywhere && config.publicUrl === undefined ? server.openAddresses : [];
  return [
    `Echoo ${server.version} is listening on ${local}${isEverywhere ? ` (and ${config.host})` : ""}`,
    "",
    `  Web phone    ${base}/`,
    ...others.map((address) => `               ${addressOf(address, server.port)}/`),
    `  API docs     ${base}/docs`,
    `  WebSocket    ${base.replace(/^http/, "ws")}/ws`,
    ...others.map((address) => `               ${addressOf(address, server.port).replace(/^http/, "ws")}/ws`),
    `  Health       ${base}/api/health`,
    `  Data         ${config.dataDir}`,
    "",
    `  ${server.access}`,
    "",
  ].join("\n");
}

function addressOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
