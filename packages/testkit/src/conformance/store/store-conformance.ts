import assert from "node:assert/strict";
import { StoreUnavailable } from "@echoo/core";
import { administrationConformance } from "./administration-conformance.ts";
import { codesConformance } from "./codes-conformance.ts";
import { erasureConformance } from "./erasure-conformance.ts";
import { historyConformance, viewsConformance } from "./history-conformance.ts";
import { hostileValuesConformance } from "./hostile-values-conformance.ts";
import { invitationsConformance } from "./invitations-conformance.ts";
import { blocksConformance, contactsConformance } from "./people-conformance.ts";
import { pushDevicesConformance } from "./push-devices-conformance.ts";
import { racesConformance } from "./races-conformance.ts";
import { randomHistoryConformance } from "./random-history-conformance.ts";
import { reportsConformance } from "./reports-conformance.ts";
import { retentionConformance } from "./retention-conformance.ts";
import { rulesConformance } from "./rules/rules-conformance.ts";
import { figuresConformance, statisticsConformance } from "./statistics-conformance.ts";
import { type StoreFactory, storeCase } from "./store-case.ts";
import { tokensConformance } from "./tokens-conformance.ts";
import { usersConformance } from "./users-conformance.ts";
import { qualityHoursConformance, verdictsConformance } from "./verdicts-conformance.ts";
import { webhookLifeConformance } from "./webhooks/webhook-life-conformance.ts";
import { webhooksConformance } from "./webhooks/webhooks-conformance.ts";
import { withdrawalsConformance } from "./withdrawals-conformance.ts";

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
