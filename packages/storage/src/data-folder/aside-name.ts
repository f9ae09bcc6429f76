import type { Instant } from "@echoo/core";

/** What a damaged file is called from then on, so that the operator finds it and nothing else takes it for its own. */
export function asideName(path: string, now: Instant): string {
  return `${path}.damaged-${new Date(now).toISOString().replace(/[-:.]/g, "")}`;
}
