import { listenedOn } from "@echoo/accounts";
import type { RunningServer } from "../composition/start-server.ts";
import type { Config } from "../config/read-config.ts";
import type { OwnHttps } from "../web/web-listeners.ts";
import { urlOf } from "./public-address.ts";
import { terminalQr } from "./terminal-qr.ts";

export type ShownConfig = Pick<Config, "host" | "publicUrl" | "dataDir" | "openAccess">;
type ShownServer = Pick<RunningServer, "port" | "version" | "access" | "openAddresses" | "isSecure" | "ownHttps">;

/** The same for a program that reads the log. */
export function startFields(config: ShownConfig, server: ShownServer) {
  const { here, base } = addressesOf(config, server);
  return {
    message: `Echoo ${server.version} is listening on ${here}`,
    version: server.version,
    webPhone: `${base}/`,
    docs: `${base}/docs`,
    webSocket: `${base.replace(/^http/, "ws")}/ws`,
    health: `${base}/api/health`,
    data: config.dataDir,
    access: server.access,
  };
}

function addressesOf(config: ShownConfig, server: ShownServer) {
  const isEverywhere = config.host === "0.0.0.0" || config.host === "::";
  const local = isEverywhere ? "127.0.0.1" : config.host;
  const plain: "http" | "https" = server.isSecure ? "https" : "http";
  const here = urlOf(plain, local, server.port);
  return { isEverywhere, local, plain, here, base: config.publicUrl ?? here };
}

/** What a person who starts the server wants to know: where things are, and who may use them. */
export function banner(config: ShownConfig, server: ShownServer, isTerminal: boolean): string {
  const { isEverywhere, local, plain, here, base } = addressesOf(config, server);
  const others = config.publicUrl === undefined ? listenedOn(config.host, server.openAddresses) : [];
  const isOpenToOthers = config.openAccess === "all" || server.openAddresses.length > 0;
  const otherUrls = others.map((address) => urlOf(plain, address, server.port));
  return [
    `Echoo ${server.version} is listening on ${here}${isEverywhere ? ` (and ${config.host})` : ""}`,
    "",
    `  Web phone    ${base}/`,
    ...otherUrls.map((url) => `               ${url}/`),
    `  Dashboard    ${base}/admin/`,
    `  API docs     ${base}/docs`,
    `  WebSocket    ${base.replace(/^http/, "ws")}/ws`,
    ...otherUrls.map((url) => `               ${url.replace(/^http/, "ws")}/ws`),
    `  Health       ${base}/api/health`,
    `  Data         ${config.dataDir}`,
    "",
    `  ${server.access}`,
    "",
    ...(server.ownHttps === undefined ? [] : describeOwnHttps(server.ownHttps, local, isOpenToOthers, isTerminal)),
  ].join("\n");
}

/** With a code to point a phone's camera at, where the phone can reach this machine. */
function describeOwnHttps(https: OwnHttps, local: string, isOpenToOthers: boolean, isTerminal: boolean): string[] {
  if (!https.isOpen) {
    return [
      `  No HTTPS besides: ${https.why}. Browsers on other machines get no camera then;`,
      "  ECHOO_DEV_HTTPS_PORT sets another port, or off.",
      "",
    ];
  }
  const [first, ...more] = https.addresses.map((address) => `${urlOf("https", address, https.port)}/`);
  const trust = ["  It is this server's own certificate, which the browser asks about once. Its SHA-256 is", ""];
  const fingerprint = [`    ${https.fingerprint}`, ""];
  if (first === undefined)
    return [`  HTTPS        ${urlOf("https", local, https.port)}/`, "", ...trust, ...fingerprint];
  return [
    "  With camera and microphone on a phone in the same network:",
    ...(isOpenToOthers
      ? []
      : ["  (it is not open there, so its user needs an invitation: `npx echoo invite` makes one)"]),
    "",
    ...[first, ...more].map((url) => `    ${url}`),
    "",
    ...terminalQr(first, isTerminal).map((line) => `    ${line}`),
    "",
    ...trust,
    ...fingerprint,
  ];
}
