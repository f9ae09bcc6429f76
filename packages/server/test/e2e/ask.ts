import assert from "node:assert/strict";

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
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(server.url + path, { method, headers, ...body, signal });
  return { status: response.status, body: (await response.json()) as Json };
}

/** Registers under open access. */
export async function tokenOf(server: { readonly url: string }, phone: string): Promise<string> {
  const { status, body } = await ask(server, "POST /api/auth/register", { body: { phone } });
  assert.ok(status === 200 || status === 201, JSON.stringify(body));
  return body.token;
}

/** Records are written behind the messages: asks until the history is as it should be, each time anew. */
export async function historyOnce(
  server: { readonly url: string },
  user: string,
  isThere: (calls: readonly Json[]) => boolean,
  tries = 300,
): Promise<readonly Json[]> {
  let calls: readonly Json[] = [];
  for (let tried = 0; tried < tries; tried += 1) {
    calls = (await ask(server, `GET /api/calls/${user}?limit=200`)).body.calls ?? [];
    if (isThere(calls)) return calls;
  }
  throw new assert.AssertionError({ message: `${user}'s history is not so: ${JSON.stringify(calls, null, 1)}` });
}
