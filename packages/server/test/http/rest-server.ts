import assert from "node:assert/strict";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  type AuditEntry,
  AuditLog,
  createAccounts,
  isOperatorPass,
  keySetFetcher,
  type MachineFacts,
} from "@echoo/accounts";
import { type ErrorBody, errorBody, type RestRow, restContract } from "@echoo/protocol";
import { openSqliteStore } from "@echoo/storage";
import { FakeClock, seededIds } from "@echoo/testkit";
import { codeGatewayOf } from "../../src/code-gateway/otp-webhook.ts";
import { EventLoopTurns } from "../../src/composition/event-loop-turns.ts";
import { randomCode, randomSecret } from "../../src/composition/platform.ts";
import { ShutdownSteps } from "../../src/composition/shutdown-steps.ts";
import { startPush } from "../../src/composition/start-push.ts";
import { type Config, readConfig } from "../../src/config/read-config.ts";
import type { Administration } from "../../src/http/admin/admin-routes.ts";
import { auditReaderOf } from "../../src/http/admin/service-routes.ts";
import { settingsInForce } from "../../src/http/admin/settings-in-force.ts";
import { createHttpApp } from "../../src/http/create-http-app.ts";
import type { HttpDeps, MountedRouter } from "../../src/http/http-deps.ts";
import { HeavyReads } from "../../src/http/replies/heavy-reads.ts";
import { type RequestRates, usualRates } from "../../src/http/requests/request-limits.ts";
import { createLogger } from "../../src/observability/logging.ts";
import { createMetrics } from "../../src/observability/metrics.ts";
import { RecentCalls } from "../../src/observability/recent-calls.ts";
import { createTurn } from "../../src/turn/turn-credentials.ts";
import { RequestPacing } from "../../src/web/request-pacing.ts";
import { createWebServer, listen } from "../../src/web/web-server.ts";
import { ScriptedSignaling } from "./scripted-signaling.ts";

const plainMachine: MachineFacts = {
  hostname: "testhost",
  networks: ["192.168.1.0/24"],
  inContainer: false,
  hasPublicAddress: false,
};

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the contract's own schemas have checked it first
  readonly body: any;
}

const none = { waiting: 0, parked: 0 };

interface ServerOptions {
  readonly env?: Record<string, string>;
  readonly routers?: readonly MountedRouter[];
  readonly phoneDir?: string;
  readonly dashboardDir?: string;
  readonly requestRates?: RequestRates;
  /** How long whoever uploads samples has to wait; they are taken where absent. */
  readonly samplesWaitMs?: number;
}

/** The real HTTP application over a real SQLite file and a real socket; time and the signaling engine are scripted. */
export async function startRest(t: TestContext, options: ServerOptions = {}) {
  const dir = mkdtempSync(join(tmpdir(), "echoo-rest-"));
  const clock = new FakeClock();
  const ids = seededIds(7);
  const config = readConfig(options.env ?? {}, []);
  const { pause } = new EventLoopTurns(setImmediate);
  const store = openSqliteStore({ pause, file: join(dir, "echoo.db") });
  const lines: string[] = [];
  const logger = createLogger("debug", { write: (line) => void lines.push(line) });
  const live = new ScriptedSignaling(options.samplesWaitMs ?? 0, (userId) => accounts.userFacts.refresh(userId));
  const secret = randomSecret();
  const machine = plainMachine;
  const keySetFrom = (url: string) => keySetFetcher(url, clock);
  const { audited, file } = auditFileIn(dir);
  const recent = new RecentCalls(clock);
  const audit = new AuditLog({ clock, file, secret });
  const gateway = codeGatewayOf({ config, clock, ids });
  const accounts = createAccounts({
    ...{ config, store, clock, ids, secret, randomSecret, randomCode, gateway, logger, audit, machine, keySetFrom },
    ...{ pause, certifies: () => false, onFactsChanged: () => {} },
    onProven: (userId) => live.numberProven(userId),
  });
  const steps = new ShutdownSteps(() => {});
  const metrics = createMetrics();
  const push = startPush({ config, store, clock, logger, metrics, secret, userFacts: accounts.userFacts, steps });
  const urls = config.turnUrls;
  const turn = createTurn({ urls, secrets: config.turnSecrets, ttlSec: config.turnTtlSec, userKey: secret, clock });
  const single: ReturnType<HttpDeps["clusterState"]> = undefined;
  const health = { ready: true, keepingRecords: true, cluster: single as ReturnType<HttpDeps["clusterState"]> };
  const app = createHttpApp({
    ...{ config, store, accounts, live, turn, clock, pause, ids, logger, audit, metrics },
    push: push.kinds,
    isPass: (text) => isOperatorPass(secret, text, clock),
    administration: administrationOf(dir, secret, config, recent),
    tickets: push.tickets,
    heavyReads: new HeavyReads(),
    gauges: () => ({ sessions: 0, activeCalls: live.activeCalls, storePending: 0, setAside: 0, webhooks: none }),
    version: "0.0.0-test",
    isReady: () => health.ready,
    isKeepingRecords: () => health.keepingRecords,
    clusterState: () => health.cluster,
    isStoreDamaged: () => false,
    dataProblems: () => [],
    setAside: () => 0,
    httpsPort: () => undefined,
    eraseUser: (userId, replacement) => store.users.erase(userId, replacement),
    routers: options.routers ?? [],
    inviteLink: (token) => `https://echoo.example/?invite=${token}`,
    requestRates: options.requestRates ?? usualRates,
    phoneDir: options.phoneDir ?? join(dir, "no-phone"),
    dashboardDir: options.dashboardDir ?? join(dir, "no-dashboard"),
  });
  const server = createWebServer({ answer: app, turns: new RequestPacing(setImmediate) });
  const port = await listen(server, 0, "127.0.0.1");
  const url = `http://127.0.0.1:${port}`;
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    await steps.run();
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const own = { secret, url, port, clock, store, live };
  return { ...own, recent, accounts, lines, audited, submitted: live.submitted, health, config };
}

/** The audit log in a file, and its entries besides. */
function auditFileIn(dir: string) {
  const audited: AuditEntry[] = [];
  const append = (line: string) => {
    audited.push(JSON.parse(line));
    appendFileSync(join(dir, "audit.log"), `${line}\n`);
  };
  return { audited, file: { append } };
}

function administrationOf(dir: string, secret: string, config: Config, recent: RecentCalls): Administration {
  return {
    recent,
    auditReader: auditReaderOf(dir, secret),
    isAuditWell: () => true,
    node: "testnode",
    settingsInForce: () => settingsInForce(config),
    webhooks: {
      rules: { allowPrivate: false, allowLoopback: true, hosts: [] },
      newSecret: () => `whsec_${Buffer.from(randomSecret()).toString("base64")}`,
      wake: () => {},
    },
  };
}

export type RestServer = Awaited<ReturnType<typeof startRest>>;

interface AskOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Asks, and holds every answer to the contract: status, body and shape of errors. */
export async function ask(server: RestServer, request: string, options: AskOptions = {}): Promise<Reply> {
  const [method = "", path = ""] = request.split(" ");
  const headers: Record<string, string> = { ...options.headers };
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
  if (method !== "GET" && headers["content-type"] === undefined) headers["content-type"] = "application/json";
  const sent = options.body === undefined ? {} : { body: bodyText(options.body) };
  const response = await fetch(server.url + path, { method, headers, ...sent });
  const text = await response.text();
  const json = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  const reply = { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  if (json) holdToContract(method, path, reply);
  return reply;
}

/** Registers under open access, and gives the token. */
export async function signUp(server: RestServer, phone: string, displayName?: string): Promise<string> {
  const reply = await ask(server, "POST /api/auth/register", { body: { phone, displayName } });
  assert.ok(reply.status === 201 || reply.status === 200, JSON.stringify(reply.body));
  return reply.body.token;
}

function bodyText(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

const rows: readonly RestRow[] = Object.values(restContract);

function holdToContract(method: string, path: string, { status, body }: Reply): void {
  const row = rows.find((each) => each.method === method && matches(each.path, path.split("?")[0] ?? ""));
  if (status >= 400) {
    const error: ErrorBody = errorBody.strict().parse(body);
    if (row !== undefined)
      assert.ok(row.errors.includes(error.code), `${row.operationId} may not refuse ${error.code}`);
    return;
  }
  assert.ok(row, `${method} ${path} succeeded outside the contract`);
  const schema = row.responses[status];
  assert.ok(schema, `${row.operationId} may not answer ${status}`);
  schema.parse(body);
}

function matches(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replace(/:\w+/g, "[^/]+")}$`).test(path);
}
