import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:https";
import type { TLSSocket } from "node:tls";

interface Asked {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Of the certificate that the server showed. */
  readonly fingerprint: string;
}

interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Without it, whatever certificate the server shows will do. */
  readonly ca?: string;
}

/** One request over a TLS connection of its own. */
export async function askSecurely(port: number, path: string, options: AskOptions = {}): Promise<Asked> {
  const { method = "GET", headers = {}, body, ca } = options;
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
  const json = body === undefined ? {} : { "content-type": "application/json" };
  const sent = request({
    host: "127.0.0.1",
    port,
    path,
    method,
    headers: { ...json, ...headers },
    agent: false,
    ...trust,
  });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const fingerprint = (response.socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? "";
  let text = "";
  for await (const piece of response) text += String(piece);
  return { status: response.statusCode ?? 0, headers: response.headers, text, fingerprint };
}
