import { clientMessages } from "../client-messages.ts";
import type { MessageRow } from "../message.ts";
import { serverMessages } from "../server-messages.ts";
import { connectionNotes } from "./connection-notes.ts";
import { fieldTable, typeText } from "./field-table.ts";
import { schemaPool } from "./schema-pool.ts";
import { type Section, sectionMarkdown } from "./section.ts";
import { tableSections } from "./table-sections.ts";

/** The whole reference of messages and tables. */
export function referenceSections(): readonly Section[] {
  const pool = schemaPool();
  const messages = (table: Readonly<Record<string, MessageRow>>) =>
    Object.entries(table).map(([type, row]) => ({
      id: `${row.from}-${type}`,
      title: type,
      text: [row.doc],
      table: fieldTable(pool.of(row.schema, row.from === "client" ? "input" : "output")),
    }));
  const sent = messages(clientMessages);
  const received = messages(serverMessages);
  const shapes = Object.entries(pool.schemas()).map(([name, schema]) => ({
    id: `shape-${name}`,
    title: name,
    text: schema.properties === undefined ? [typeText(schema)] : [],
    table: fieldTable(schema),
  }));
  return [
    { id: "connection", title: "The socket", text: ["`ws://host:3000/`, also `/ws`.", ...connectionNotes] },
    {
      id: "client",
      title: "What a client sends",
      text: ["Fields with a question mark may be left out. Any message may carry `id` and `n` besides."],
      parts: sent,
    },
    {
      id: "server",
      title: "What the server sends",
      text: ["To a current session, messages of calls carry `seq` besides."],
      parts: received,
    },
    { id: "shapes", title: "Shapes in messages", text: [], parts: shapes },
    ...tableSections(),
  ];
}

/** The reference as one Markdown page. */
export function referenceMarkdown(): string {
  const intro =
    "# Protocol reference\n\nGenerated from `packages/protocol` by `npm run generate`; a test fails when it differs. " +
    "The same as data: [openapi.json](openapi.json) (REST) and [asyncapi.json](asyncapi.json) (WebSocket).";
  return `${[intro, ...referenceSections().map((section) => sectionMarkdown(section, 2))].join("\n\n")}\n`;
}
