import { errorTable } from "../errors.ts";
import { errorsByStatus, restContract } from "../rest/contract.ts";
import { errorBody } from "../rest/replies.ts";
import type { RestRow, RestTag } from "../rest/row.ts";
import { type JsonSchema, type SchemaPool, schemaPool } from "./schema-pool.ts";

const description = `REST API of an Echoo server. Messages of calls go over its WebSocket, see [WebSocket messages](/docs/messages).

JSON in and out. What carries a body, or changes something without a token, must be \`application/json\`.
A refusal is \`{error, code, details?, requestId}\`; the codes are the same over WebSocket and REST.
A method that a path does not take is answered with 405 and \`Allow\`, a \`Host\` that is not this server's with 421 \`unknown_host\`. Fields that are not named here are dropped.
\`{phone}\` is the caller's own number unless an endpoint says otherwise.`;

const tags: Record<RestTag, string> = {
  Accounts: "Signing in and out.",
  People: "Profiles, contacts and blocks.",
  Push: "Devices that ring although no page is open.",
  Calls: "Call history.",
  Statistics: "Call quality.",
  Administration: "What administrators see and do; each act, and each look at calls, is in the audit log.",
  Service: "TURN, health and the descriptions of the API.",
  "Android app": "The paths of the Android app that is already shipped, on the same accounts, calls and contacts.",
};

const successNames: Readonly<Record<string, string>> = { 200: "Done.", 201: "Created.", 202: "A code was sent." };

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: object;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [section: string]: unknown;
}

/** The REST contract as OpenAPI 3.1. `users`: `host` where the server takes the ids of the host product's tokens. */
export function openApiDocument(version: string, users: "phone" | "host" = "phone"): OpenApiDocument {
  const pool = schemaPool(users);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const row of Object.values(restContract) as readonly RestRow[]) {
    const path = row.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [row.method.toLowerCase()]: operation(row, pool) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Echoo REST API", version, description, license: { name: "ISC" } },
    servers: [{ url: "/", description: "The server that gave you this file." }],
    tags: Object.entries(tags).map(([name, doc]) => ({ name, description: doc })),
    paths,
    components: {
      schemas: { ...pool.schemas() },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "The token that registering gave, or the host's JWT." },
      },
    },
  };
}

function operation(row: RestRow, pool: SchemaPool): Record<string, unknown> {
  return {
    operationId: row.operationId,
    tags: [row.tag],
    summary: row.doc,
    ...authNote(row),
    security: { token: [{ bearer: [] }], admin: [{ bearer: [] }], open: [{ bearer: [] }, {}], none: [] }[row.auth],
    ...parameters(row, pool),
    ...requestBody(row, pool),
    responses: { ...successes(row, pool), ...refusals(row, pool) },
  };
}

function authNote(row: RestRow): { description?: string } {
  return row.auth === "open"
    ? { description: "Without a token only where open access covers the request (see the guide on access)." }
    : {};
}

function parameters(row: RestRow, pool: SchemaPool): { parameters?: unknown[] } {
  const list = [...located(pool.of(row.params, "input"), "path"), ...located(pool.of(row.query, "input"), "query")];
  return list.length > 0 ? { parameters: list } : {};
}

function located(schema: JsonSchema, place: "path" | "query"): unknown[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, value]) => {
    const { description, ...rest } = value as JsonSchema;
    const doc = description === undefined ? {} : { description };
    return { name, in: place, required: place === "path" || required.has(name), ...doc, schema: rest };
  });
}

function requestBody(row: RestRow, pool: SchemaPool): { requestBody?: unknown } {
  if (row.body === undefined) return {};
  const content = { "application/json": { schema: pool.of(row.body, "input") } };
  return { requestBody: { required: !row.body.safeParse(undefined).success, content } };
}

function successes(row: RestRow, pool: SchemaPool): Record<string, unknown> {
  const replies = Object.entries(row.responses).map(([status, schema]) => {
    const content = { [row.contentType]: { schema: pool.of(schema, "output") } };
    return [status, { description: successNames[status] ?? "Done.", content }];
  });
  return Object.fromEntries(replies);
}

function refusals(row: RestRow, pool: SchemaPool): Record<string, unknown> {
  const replies = [...errorsByStatus(row)].map(([status, codes]) => {
    const lines = codes.map((code) => `\`${code}\`: ${errorTable[code].sentence}`);
    const content = { "application/json": { schema: pool.of(errorBody, "output") } };
    return [String(status), { description: lines.join("\n\n"), ...retryHeader(status), content }];
  });
  return Object.fromEntries(replies);
}

function retryHeader(status: number): { headers?: unknown } {
  if (status !== 429 && status !== 503) return {};
  const schema = { type: "integer", minimum: 0 };
  return { headers: { "Retry-After": { description: "Seconds until it may succeed, where that is known.", schema } } };
}
