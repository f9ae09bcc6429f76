import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { Clock } from "@echoo/core";
import { AddressRefused, type AddressRules, guardedLookup, refusedAddress } from "./address-rules.ts";

interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

export interface PostReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As much of it as may be read. */
  readonly body: string;
}

interface PosterOptions {
  readonly rules: AddressRules;
  readonly clock: Pick<Clock, "after">;
  /** From the name to the last byte of the answer. */
  readonly withinMs: number;
  readonly replyBytesMax: number;
}

export interface Poster {
  /** Follows no redirects. Rejects with `AddressRefused` where the address may not be asked. */
  post(request: PostRequest): Promise<PostReply>;
  close(): void;
}

/** Posts to addresses that users, or operators, have named; connections are kept for the next one. */
export function createPoster({ rules, clock, withinMs, replyBytesMax }: PosterOptions): Poster {
  const lookup = guardedLookup(rules);
  const [http, https] = [new HttpAgent({ keepAlive: true }), new HttpsAgent({ keepAlive: true })];

  function begin(url: string, headers: PostRequest["headers"], signal: AbortSignal) {
    const options = { method: "POST", headers, lookup, signal };
    return url.startsWith("https:")
      ? requestHttps(url, { ...options, agent: https })
      : requestHttp(url, { ...options, agent: http });
  }

  return {
    async post({ url, headers, body }) {
      if (refusedAddress(url, rules) !== undefined) throw new AddressRefused(new URL(url).hostname);
      const abort = new AbortController();
      const cancel = clock.after(withinMs, () => abort.abort(new Error(`no answer within ${withinMs} ms`)));
      try {
        const request = begin(url, { ...headers, "content-length": String(Buffer.byteLength(body)) }, abort.signal);
        const response = new Promise<IncomingMessage>((resolve, reject) => {
          request.once("response", resolve);
          request.once("error", reject);
        });
        request.end(body);
        return await readReply(await response, replyBytesMax);
      } finally {
        cancel();
      }
    },
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

async function readReply(response: IncomingMessage, bytesMax: number): Promise<PostReply> {
  const { statusCode: status = 0, headers } = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push((chunk as Buffer).subarray(0, bytesMax - bytes));
    bytes += (chunk as Buffer).length;
    // Leaving the loop ends the connection.
    if (bytes >= bytesMax) break;
  }
  return { status, headers, body: Buffer.concat(chunks).toString() };
}
