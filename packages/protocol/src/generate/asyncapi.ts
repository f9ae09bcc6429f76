import { clientMessages } from "../client-messages.ts";
import { closeCodes } from "../close-codes.ts";
import { limits } from "../limits.ts";
import type { MessageRow } from "../message.ts";
import { messageRates } from "../message-rates.ts";
import { clientSchemas, serverSchemas } from "../parse.ts";
import { serverMessages } from "../server-messages.ts";
import { connectionNotes } from "./connection-notes.ts";
import { type SchemaPool, schemaPool } from "./schema-pool.ts";

type Side = "client" | "server";

export interface AsyncApiDocument {
  readonly asyncapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: object;
  };
  readonly components: { readonly messages: Readonly<Record<string, unknown>>; readonly schemas: object };
  readonly [section: string]: unknown;
}

/** Every WebSocket message as AsyncAPI 3, from the point of view of the server: it receives what clients send. */
export function asyncApiDocument(version: string): AsyncApiDocument {
  const pool = schemaPool();
  const messages = { ...describe("client", pool), ...describe("server", pool) };
  const channel = { $ref: "#/channels/socket" };
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Echoo signaling",
      version,
      description: [...connectionNotes, closeCodeTable()].join("\n\n"),
      license: { name: "ISC" },
    },
    defaultContentType: "application/json",
    servers: { root: server("/"), ws: server("/ws") },
    channels: {
      socket: {
        address: null,
        title: "The socket of one device",
        description: "Both paths of the server lead to it.",
        messages: Object.fromEntries(Object.keys(messages).map((key) => [key, toComponent(key)])),
        "x-limits": limits,
        "x-message-rates": messageRates,
        "x-close-codes": closeCodes,
      },
    },
    operations: {
      receive: { action: "receive", channel, title: "What a client sends", messages: channelRefs("client") },
      send: { action: "send", channel, title: "What the server sends", messages: channelRefs("server") },
    },
    components: { messages, schemas: pool.schemas() },
  };
}

function server(pathname: string): unknown {
  return {
    host: "{host}:{port}",
    pathname,
    protocol: "ws",
    description: "wss behind a proxy that ends TLS, and on the HTTPS port of development.",
    variables: { host: { default: "localhost" }, port: { default: "3000" } },
  };
}

function tableOf(side: Side): Readonly<Record<string, MessageRow>> {
  return side === "client" ? clientMessages : serverMessages;
}

function keyOf(side: Side, type: string): string {
  return side + type.charAt(0).toUpperCase() + type.slice(1);
}

function describe(side: Side, pool: SchemaPool): Record<string, unknown> {
  const schemas = side === "client" ? clientSchemas : serverSchemas;
  const entries = [...schemas].map(([type, schema]) => {
    const row = tableOf(side)[type];
    const family = side === "client" ? { "x-rate": row?.family } : {};
    const payload = pool.of(schema, side === "client" ? "input" : "output");
    return [keyOf(side, type), { name: type, title: type, summary: row?.doc, payload, ...family }];
  });
  return Object.fromEntries(entries);
}

const toComponent = (key: string) => ({ $ref: `#/components/messages/${key}` });

function channelRefs(side: Side): unknown[] {
  return Object.keys(tableOf(side)).map((type) => ({ $ref: `#/channels/socket/messages/${keyOf(side, type)}` }));
}

function closeCodeTable(): string {
  const rows = Object.entries(closeCodes).map(([code, row]) => `| ${code} | ${row.meaning} | ${row.reconnect} |`);
  return ["| close code | meaning | reconnect |", "|---|---|---|", ...rows].join("\n");
}
