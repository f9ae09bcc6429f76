import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { findServerSecret, makeOperatorPass } from "@echoo/accounts";
import { type ErrorBody, type OperationId, type ResponseOf, restContract } from "@echoo/protocol";
import { readHolder } from "@echoo/storage";
import { systemClock } from "../../composition/platform.ts";
import type { Config } from "../../config/read-config.ts";

type Settings = Pick<Config, "dataDir" | "host" | "secret" | "tlsCert">;

/** Posting many events once more takes a while. */
const answerMs = 60_000;
/** Where a server that listens everywhere is asked. */
const hereHosts: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };

/**
 * Asks the running server that has this data folder, by a pass that its secret makes: only who can read the folder, or
 * the setting, has that.
 */
export async function askServer<Id extends OperationId>(
  settings: Settings,
  id: Id,
  { query = "", body }: { readonly query?: string; readonly body?: object } = {},
): Promise<ResponseOf<Id>> {
  const { dataDir, host, tlsCert } = settings;
  const secret = findServerSecret(dataDir, settings.secret);
  const port = readHolder(dataDir)?.port;
  if (secret === undefined || port === undefined) throw new Error(nobodyAt(dataDir));
  const { method, path } = restContract[id];
  const authorization = `Bearer ${makeOperatorPass(secret, systemClock.now())}`;
  const headers = { authorization, "content-type": "application/json" };
  const url = `${tlsCert === undefined ? "http" : "https"}://${hereHosts[host] ?? host}:${port}${path}${query}`;
  const options = { method, headers, signal: AbortSignal.timeout(answerMs) };
  // The certificate is of the server's public name; that this is the server is known by the lock of its folder.
  const asked =
    tlsCert === undefined ? requestHttp(url, options) : requestHttps(url, { ...options, rejectUnauthorized: false });
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const answer: unknown = JSON.parse(await text(response));
  if (response.statusCode !== 200) throw new Error(`the server refused: ${(answer as ErrorBody).error}`);
  return answer as ResponseOf<Id>;
}

function nobodyAt(dataDir: string): string {
  return (
    `no server runs with the data folder ${resolve(dataDir)}. Run this where the server does, with the same ECHOO_DATA` +
    " and ECHOO_SECRET; from elsewhere use the API under /api/admin"
  );
}
