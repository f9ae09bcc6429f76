import type { Clock } from "@echoo/core";
import type { JSONWebKeySet } from "jose";
import type { FetchKeySet } from "./external-jwt-keys.ts";

/** A socket that waits for its join gives up after 10 s. */
const fetchMs = 4_000;
export const keySetBytesMax = 256 * 1024;

/** Reads the set from where the host product publishes it. Follows no redirects, and waits seconds at most. */
export function keySetFetcher(url: string, clock: Clock): FetchKeySet {
  return async () => {
    const abort = new AbortController();
    const cancel = clock.after(fetchMs, () => abort.abort(new Error(`no answer within ${fetchMs} ms`)));
    try {
      const headers = { Accept: "application/jwk-set+json, application/json" };
      const response = await fetch(url, { redirect: "error", headers, signal: abort.signal });
      if (response.status !== 200 || !response.body) throw new Error(`the answer has status ${response.status}`);
      return JSON.parse(await boundedText(response.body)) as JSONWebKeySet;
    } finally {
      cancel();
      abort.abort();
    }
  };
}

async function boundedText(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > keySetBytesMax) throw new Error(`the answer has more than ${keySetBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
