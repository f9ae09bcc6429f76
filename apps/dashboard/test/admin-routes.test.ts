import assert from "node:assert/strict";
import { test } from "node:test";
import { restContract } from "@echoo/protocol";
import { adminRoutes } from "../src/state/admin-api.ts";

test("the dashboard asks every endpoint of administrators but those of webhooks as the contract has it", () => {
  const rows = Object.values(restContract).filter(
    ({ auth, path }) => auth === "admin" && !path.startsWith("/api/admin/webhooks"),
  );
  const routes = rows.map(({ operationId, method, path }) => [operationId, `${method} ${path}`]);
  assert.deepEqual(adminRoutes, Object.fromEntries(routes));
});
