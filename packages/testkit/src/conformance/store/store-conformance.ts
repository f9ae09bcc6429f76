import assert from "node:assert/strict";
import { StoreUnavailable } from "@echoo/core";
import { codesConformance } from "./accounts/codes-conformance.ts";
import { invitationsConformance } from "./accounts/invitations-conformance.ts";
import { blocksConformance, contactsConformance } from "./accounts/people-conformance.ts";
import { pushDevicesConformance } from "./accounts/push-devices-conformance.ts";
import { tokensConformance } from "./accounts/tokens-conformance.ts";
import { usersConformance } from "./accounts/users-conformance.ts";
import { withdrawalsConformance } from "./accounts/withdrawals-conformance.ts";
import { administrationConformance } from "./administration-conformance.ts";
import { historyConformance, viewsConformance } from "./calls/history-conformance.ts";
import { racesConformance } from "./calls/races-conformance.ts";
import { randomHistoryConformance } from "./calls/random-history-conformance.ts";
import { reportsConformance } from "./calls/reports-conformance.ts";
import { figuresConformance, statisticsConformance } from "./calls/statistics-conformance.ts";
import { qualityHoursConformance, verdictsConformance } from "./calls/verdicts-conformance.ts";
import { erasureConformance } from "./erasure-conformance.ts";
import { hostileValuesConformance } from "./hostile-values-conformance.ts";
import { retentionConformance } from "./retention-conformance.ts";
import { rulesConformance } from "./rules/rules-conformance.ts";
import { type StoreFactory, storeCase } from "./store-case.ts";
import { webhookLifeConformance } from "./webhooks/webhook-life-conformance.ts";
import { webhooksConformance } from "./webhooks/webhooks-conformance.ts";

/** What every store holds to. The factory gives each test an empty one; call it at the top of a test file. */
export function storeConformance(name: string, factory: StoreFactory): void {
  const check = storeCase(name, factory);
  usersConformance(check);
  tokensConformance(check);
  codesConformance(check);
  invitationsConformance(check);
  withdrawalsConformance(check);
  pushDevicesConformance(check);
  contactsConformance(check);
  blocksConformance(check);
  historyConformance(check);
  viewsConformance(check);
  reportsConformance(check);
  statisticsConformance(check);
  figuresConformance(check);
  verdictsConformance(check);
  qualityHoursConformance(check);
  erasureConformance(check);
  retentionConformance(check);
  hostileValuesConformance(check);
  racesConformance(check);
  randomHistoryConformance(check);
  rulesConformance(check);
  administrationConformance(check);
  webhooksConformance(check);
  webhookLifeConformance(check);

  check("a store answers a ping until it is closed, and then says that it is away", async (store) => {
    await store.ping();
    await store.close();
    await store.close();
    await assert.rejects(store.ping(), StoreUnavailable);
    await assert.rejects(store.users.find("+491"), StoreUnavailable);
    await assert.rejects(store.users.ensure("+491", {}, 0), StoreUnavailable);
    await assert.rejects(store.calls.page({ viewer: "+491", limit: 1 }), StoreUnavailable);
  });
}
