import type { AccountsSettings } from "../accounts-settings.ts";

/** Whether some client gets in without a token; then a page of another site that rebinds its name must be kept out. */
export function isOpenToSome({ openAccess, legacyJoin }: Pick<AccountsSettings, "openAccess" | "legacyJoin">): boolean {
  return openAccess === "all" || legacyJoin !== "off";
}
