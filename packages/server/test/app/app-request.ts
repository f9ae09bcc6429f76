import assert from "node:assert/strict";
import { gson } from "./gson.ts";

interface AppRequestOptions {
  readonly token?: string;
  readonly body?: object | string;
}

/** Whatever a body holds; each test asserts what it needs of it. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads fields that it then compares
type Json = any;

/** One request as the app's OkHttp sends it. Whatever comes back is a JSON object, with `error` where it failed. */
export async function appRequest(server: { readonly url: string }, request: string, options: AppRequestOptions = {}) {
  const [method = "", path = ""] = request.split(" ");
  const headers: Record<string, string> = { "user-agent": "okhttp/4.12.0", "accept-encoding": "gzip" };
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
  const { body } = options;
  // OkHttp demands a body for these methods, and an empty one has no type.
  const text = body === undefined ? undefined : typeof body === "string" ? body : gson(body);
  if (text !== undefined) headers["content-type"] = "application/json; charset=utf-8";
  const sent = text === undefined ? {} : { body: text };
  const response = await fetch(server.url + path, { method, headers, ...sent, signal: AbortSignal.timeout(10_000) });
  const json = JSON.parse(await response.text()) as Json;
  assert.equal(Object.prototype.toString.call(json), "[object Object]", `${request} answered no object`);
  if (!response.ok) assert.equal(typeof json.error, "string", `${request} failed without words`);
  assert.doesNotMatch(JSON.stringify(json), /:null/, `${request} answered a null`);
  return { status: response.status, body: json };
}

/** Signs in as the app does: a code, which comes back where open access covers the request, and then its token. */
export async function appSignIn(server: { readonly url: string }, phoneNumber: string): Promise<string> {
  const sent = await appRequest(server, "POST /auth/send-otp", { body: { phoneNumber } });
  const otp: string = sent.body.devOtp;
  const body = { phoneNumber, otp, deviceInfo: "Pixel 7 (Android 14)" };
  const verified = await appRequest(server, "POST /auth/verify-otp", { body });
  assert.equal(verified.status, 200, JSON.stringify(verified.body));
  return verified.body.authToken;
}
