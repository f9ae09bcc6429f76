import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";
import { endpoint } from "./row.ts";

const tag = "Service";
/** Those of any request that sends a token; without one a probe gives none but 503. */
const probeErrors = ["unauthorized", "rate_limited", "unavailable"] as const;

const health = z
  .object({
    status: z.enum(["ok", "degraded"]).describe("degraded: calls work, and the operator has to see to the server."),
    store: z
      .enum(["sqlite", "mongodb", "damaged"])
      .describe("damaged: the embedded database, a part of which cannot be read."),
    redis: z
      .enum(["ok", "settling", "away"])
      .optional()
      .describe(
        "With several servers: settling gives no new calls for 5 s after a loss of data; away, running calls go on.",
      ),
    version: z.string(),
    uptimeSec: z.number().nonnegative(),
    online: f.count
      .optional()
      .describe("Users. This and what follows: for administrators, the metrics token and open access."),
    activeCalls: f.count.optional(),
    setAside: f.count
      .optional()
      .describe("Entries of the journal of which nothing could be made, or that the store refused. 0 is absent."),
    nodes: f.count.optional().describe("With several servers: how many of them are alive."),
    waitingRecords: f.count
      .optional()
      .describe("With several servers: ended calls that the database does not have yet."),
    problems: z
      .array(z.object({ code: z.string(), message: z.string() }))
      .optional()
      .describe("How the server is set up wrong, as it shows in what arrives, and what is damaged."),
    httpsPort: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe("In development: where this server also speaks HTTPS, which the browsers of other machines need."),
  })
  .meta({ id: "Health" });

export const serviceEndpoints = {
  getTurn: endpoint({
    operationId: "getTurn",
    method: "GET",
    path: "/api/turn",
    tag,
    auth: "open",
    doc: "STUN and TURN servers with short-lived credentials (draft-uberti-behave-turn-rest-00).",
    responses: {
      200: z.object({
        iceServers: z.array(f.iceServer),
        iceTransportPolicy: z.literal("relay").optional().describe("All calls go through a relay."),
        ttl: f.count.describe("Seconds."),
      }),
    },
  }),
  getHealth: endpoint({
    operationId: "getHealth",
    method: "GET",
    path: "/api/health",
    tag,
    auth: "none",
    takesMetricsToken: true,
    doc: "How the server is. How many are online and in calls: with an administrator's token, the metrics token, or where open access covers the request.",
    responses: { 200: health },
  }),
  live: endpoint({
    operationId: "live",
    method: "GET",
    path: "/livez",
    tag,
    auth: "none",
    doc: "For orchestrators: the process runs.",
    responses: { 200: z.object({ status: z.literal("ok") }) },
    errors: probeErrors,
  }),
  ready: endpoint({
    operationId: "ready",
    method: "GET",
    path: "/readyz",
    tag,
    auth: "none",
    doc: "For orchestrators: send traffic here. 503 while it starts or drains; a database that is away changes nothing.",
    responses: { 200: z.object({ status: z.literal("ok") }) },
    errors: probeErrors,
  }),
  askAboutSocket: endpoint({
    operationId: "askAboutSocket",
    method: "GET",
    path: "/api/socket",
    tag,
    auth: "none",
    doc: "Whether a page of this origin may open the socket `/ws`, and why not: browsers tell a page nothing about an upgrade that was refused. Any page may read the answer.",
    query: z.object({
      origin: f.text(limits.originChars).optional().describe("The page's; that of the request where absent."),
    }),
    responses: { 200: z.object({ status: z.literal("ok") }) },
    errors: ["origin_refused", "rate_limited", "unavailable"],
  }),
  getOpenApi: endpoint({
    operationId: "getOpenApi",
    method: "GET",
    path: "/openapi.json",
    tag,
    auth: "none",
    doc: "This description of the REST API (OpenAPI 3.1).",
    responses: { 200: z.looseObject({ openapi: z.string() }) },
  }),
  getAsyncApi: endpoint({
    operationId: "getAsyncApi",
    method: "GET",
    path: "/asyncapi.json",
    tag,
    auth: "none",
    doc: "The description of the WebSocket messages (AsyncAPI 3).",
    responses: { 200: z.looseObject({ asyncapi: z.string() }) },
  }),
  getDocs: endpoint({
    operationId: "getDocs",
    method: "GET",
    path: "/docs",
    tag,
    auth: "none",
    doc: "Both descriptions as pages for people.",
    contentType: "text/html",
    responses: { 200: z.string() },
  }),
  getMetrics: endpoint({
    operationId: "getMetrics",
    method: "GET",
    path: "/metrics",
    tag,
    auth: "none",
    takesMetricsToken: true,
    doc: "Metrics in Prometheus' text format, behind the operator's own token; where none is set, the machine itself may read them in development.",
    contentType: "text/plain",
    responses: { 200: z.string() },
    errors: ["unauthorized"],
  }),
};
