import assert from "node:assert/strict";
import type { ServerProcess } from "@echoo/testkit";

/** Whatever a body holds; each test asserts what it needs of it. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads fields that it then compares
type Json = any;

interface AskOptions {
  readonly token?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request with plain fetch, as somebody would write it who has read the README alone. */
export async function ask(server: { readonly url: string }, request: string, options: AskOptions = {}) {
  const [method = "", path = ""] = request.split(" ");
  const headers: Record<string, string> = { "content-type": "application/json", ...options.headers };
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
  const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
  const signal = AbortSignal.timeout(30_000);
  const response = await fetch(server.url + path, { method, headers, ...body, signal });
  return { status: response.status, body: (await response.json()) as Json };
}

/** Registers under open access. */
export async function tokenOf(server: { readonly url: string }, phone: string): Promise<string> {
  const { status, body } = await ask(server, "POST /api/auth/register", { body: { phone } });
  assert.ok(status === 200 || status === 201, JSON.stringify(body));
  return body.token;
}

/** Records are written behind the messages: reads the history anew with what is written, until it is as it should be. */
export function historyOnce(
  server: Pick<ServerProcess, "url" | "stored">,
  user: string,
  isThere: (calls: readonly Json[]) => boolean,
): Promise<readonly Json[]> {
  const read = async (): Promise<readonly Json[]> =>
    (await ask(server, `GET /api/calls/${user}?limit=200`)).body.calls ?? [];
  return server.stored(read, isThere);
}
