import type { CodeGateway, CodeToSend } from "@echoo/accounts";
import type { Clock, Ids } from "@echoo/core";
import type { Config } from "../config/read-config.ts";
import { standardHeaders } from "../outbound/standard-webhook.ts";

/** Below the time for which clients wait for an answer of ours. */
export const gatewayMs = 8_000;
/** More at once than this would only wait for a gateway that has stopped. */
export const maxUnderWay = 100;

interface OtpWebhookOptions {
  readonly url: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

interface GatewayDeps extends Pick<OtpWebhookOptions, "clock" | "ids"> {
  readonly config: Pick<Config, "proof" | "otpWebhookUrl" | "otpWebhookSecret">;
}

/** What brings codes to people; undefined where numbers are not proven so. */
export function codeGatewayOf({ config, clock, ids }: GatewayDeps): CodeGateway | undefined {
  const { proof, otpWebhookUrl: url, otpWebhookSecret: secret } = config;
  if (proof !== "webhook" || url === undefined || secret === undefined) return undefined;
  return createOtpWebhook({ url, secret, clock, ids });
}

/**
 * Posts one-time codes to the operator's gateway, signed as Standard Webhooks. Taken is what is answered with 2xx in
 * time; redirects are not followed, for they would carry the code to an address that the operator did not name.
 */
export function createOtpWebhook({ url, secret, clock, ids }: OtpWebhookOptions): CodeGateway {
  let underWay = 0;

  async function post({ phone, code, expiresInSec }: CodeToSend, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify({ type: "otp", phone, code, expiresInSec });
    const headers = standardHeaders([secret], { id: `msg_${ids.sessionId()}`, body, nowMs: clock.now() });
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    // Its content is not used, and unread it would hold the connection.
    await response.body?.cancel();
    if (response.ok) return;
    const redirected = response.status >= 300 && response.status < 400;
    throw new Error(`it answered ${response.status}${redirected ? "; redirects are not followed" : ""}`);
  }

  return {
    async send(code) {
      if (underWay >= maxUnderWay) throw new Error(`${maxUnderWay} codes are under way, and it takes none of them`);
      underWay += 1;
      const abort = new AbortController();
      const cancel = clock.after(gatewayMs, () => abort.abort(new Error(`it did not answer within ${gatewayMs} ms`)));
      try {
        await post(code, abort.signal);
      } finally {
        cancel();
        underWay -= 1;
      }
    },
  };
}
