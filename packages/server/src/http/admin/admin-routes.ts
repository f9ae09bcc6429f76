import type { AdminOperationId, AdminSetting, AdminWebhookOperationId } from "@echoo/protocol";
import type { RecentCalls } from "../../observability/recent-calls.ts";
import type { AnyHandlers } from "../route.ts";
import { type AdminCallDeps, adminCallRoutes } from "./call-routes.ts";
import { LookNotes } from "./look-notes.ts";
import { NowBoard, type NowDeps } from "./now-board.ts";
import { adminNowRoutes, type NowRouteDeps } from "./now-routes.ts";
import { type AdminPeopleDeps, adminPeopleRoutes } from "./people-routes.ts";
import { type AdminQualityDeps, adminQualityRoutes } from "./quality-routes.ts";
import { type AdminServiceDeps, type AuditReader, adminServiceRoutes } from "./service-routes.ts";
import { type AdminWebhookDeps, adminWebhookRoutes, type WebhookAdministration } from "./webhooks/webhook-routes.ts";

/** What administration alone needs. */
export interface Administration {
  readonly recent: Pick<RecentCalls, "minutes" | "setUpFigures">;
  readonly auditReader: AuditReader;
  readonly isAuditWell: () => boolean;
  /** What this node is called. */
  readonly node: string;
  /** Without secrets. */
  readonly settingsInForce: () => readonly AdminSetting[];
  readonly webhooks: WebhookAdministration;
}

/** What it needs of the rest of the server. */
export type AdminDeps = AdminCallDeps &
  AdminPeopleDeps &
  AdminQualityDeps &
  AdminServiceDeps &
  AdminWebhookDeps &
  NowDeps &
  NowRouteDeps;

/** Everything under /api/admin. That the one who asks is an administrator is the route's to see to. */
export function adminRoutes(
  deps: AdminDeps,
  administration: Administration,
): AnyHandlers<AdminOperationId | AdminWebhookOperationId> {
  const looks = new LookNotes(deps.audit, deps.clock);
  const board = new NowBoard(deps, administration);
  return {
    ...adminNowRoutes(deps, board),
    ...adminCallRoutes(deps, looks),
    ...adminPeopleRoutes(deps, looks),
    ...adminQualityRoutes(deps),
    ...adminServiceRoutes(deps, looks, administration),
    ...adminWebhookRoutes(deps, administration.webhooks),
  };
}
