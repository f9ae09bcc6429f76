import type { Clock, Instant } from "@echoo/core";
import type { FcmCredentials } from "../config/fcm-credentials.ts";
import type { Poster, PostReply } from "../outbound/bounded-post.ts";
import { loadJose } from "./load-jose.ts";
import { type PushContent, type PushSender, retryAfterMs, type SendResult } from "./push-sender.ts";

interface FcmSenderDeps {
  readonly credentials: FcmCredentials;
  readonly poster: Poster;
  readonly clock: Clock;
  /** Google's own, or a test's. */
  readonly origin: string;
}

interface AccessToken {
  readonly value: string;
  readonly renewAtMs: Instant;
}

const scope = "https://www.googleapis.com/auth/firebase.messaging";
/** A token is renewed so long before its end. */
const earlyMs = 5 * 60_000;

/** Pushes to Android apps: FCM HTTP v1, data messages, which the app's own code shows. */
export function createFcmSender(deps: FcmSenderDeps): PushSender {
  const { credentials, poster, clock, origin } = deps;
  const url = `${origin}/v1/projects/${credentials.projectId}/messages:send`;
  let token: Promise<AccessToken> | undefined;

  async function accessToken(): Promise<string> {
    const known = await token?.catch(() => undefined);
    if (known !== undefined && known.renewAtMs > clock.now()) return known.value;
    token = askForToken(deps);
    return (await token).value;
  }

  return {
    async send(address, { content, ttlSec }) {
      const { token: device } = JSON.parse(address) as { readonly token: string };
      // Never silent with high priority: an app that wakes its device for nothing loses that right.
      const priority = content.kind === "ring" ? "high" : "normal";
      const android = { priority, ttl: `${ttlSec}s`, collapse_key: content.callId };
      const message = { token: device, data: dataOf(content), android };
      try {
        const headers = { authorization: `Bearer ${await accessToken()}`, "content-type": "application/json" };
        const reply = await poster.post({ url, headers, body: JSON.stringify({ message }) });
        if (reply.status === 401) token = undefined;
        return resultOf(reply, clock.now());
      } catch (error) {
        if (error instanceof TokenRefused) return { outcome: "refused", why: error.message };
        return { outcome: "later", unsure: true };
      }
    },
    close: () => poster.close(),
  };
}

class TokenRefused extends Error {}

/** RFC 7523: what the service account signs is exchanged for a token of an hour. */
async function askForToken({ credentials, poster, clock }: FcmSenderDeps): Promise<AccessToken> {
  const { importPKCS8, SignJWT } = await loadJose();
  const nowSec = Math.floor(clock.now() / 1000);
  const assertion = await new SignJWT({ scope })
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .setIssuer(credentials.clientEmail)
    .setAudience(credentials.tokenUri)
    .setIssuedAt(nowSec)
    .setExpirationTime(nowSec + 3600)
    .sign(await importPKCS8(credentials.privateKey, "RS256"));
  const form = new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { status, body } = await poster.post({ url: credentials.tokenUri, headers, body: form.toString() });
  if (status === 400 || status === 401 || status === 403) {
    throw new TokenRefused(`the service account is refused: ${status} ${body.slice(0, 200)}`);
  }
  if (status !== 200) throw new Error(`no token: ${status}`);
  const { access_token: value, expires_in: livesSec } = JSON.parse(body) as {
    readonly access_token: string;
    readonly expires_in: number;
  };
  return { value, renewAtMs: clock.now() + livesSec * 1000 - earlyMs };
}

/** Texts alone: FCM takes nothing else. */
function dataOf(content: PushContent): Record<string, string> {
  const { from, ...rest } = content;
  const texts = Object.entries(rest).map(([name, value]) => [name, String(value)] as const);
  return { ...Object.fromEntries(texts), ...(from ? { from: JSON.stringify(from), caller: from.displayName } : {}) };
}

function resultOf({ status, headers, body }: PostReply, nowMs: Instant): SendResult {
  if (status === 200) return { outcome: "accepted" };
  if (status === 404 || body.includes('"UNREGISTERED"')) return { outcome: "gone" };
  if (status === 429 || status === 401 || status >= 500) {
    const retryInMs = retryAfterMs(headers["retry-after"], nowMs);
    return { outcome: "later", unsure: status >= 500, ...(retryInMs === undefined ? {} : { retryInMs }) };
  }
  return { outcome: "refused", why: `${status} ${body.slice(0, 200)}` };
}
