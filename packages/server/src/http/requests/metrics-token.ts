import { createHash, timingSafeEqual } from "node:crypto";
import type { Config } from "../../config/read-config.ts";
import { bearerOf } from "./bearer.ts";

/** Whether a request comes from the operator's own programs. No user's token says that. */
export function isMetricsToken({ metricsToken }: Pick<Config, "metricsToken">, authorization: string): boolean {
  const sent = bearerOf(authorization);
  return metricsToken !== undefined && sent !== undefined && timingSafeEqual(digest(sent), digest(metricsToken));
}

/** Digests have equal lengths, which the comparison needs. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
