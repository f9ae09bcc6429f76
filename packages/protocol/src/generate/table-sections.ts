import { closeCodes } from "../close-codes.ts";
import { deviceEndReasons, endReasons } from "../end-reasons.ts";
import { type ErrorRow, errorTable } from "../errors.ts";
import { limits } from "../limits.ts";
import { messageRates } from "../message-rates.ts";
import { restContract } from "../rest/contract.ts";
import { group } from "./field-table.ts";
import type { Section } from "./section.ts";

const code = (value: string | number) => `\`${value}\``;
const yes = (value: boolean) => (value ? "yes" : "no");

const answeredText = { yes: "after the answer", no: "before the answer", either: "both" } as const;
const reconnectText = {
  now: "yes, at once",
  backoff: "yes, with backoff",
  after_hint: "yes, after the time that the server gave",
  never: "no",
} as const;
const authText = {
  token: "token",
  admin: "an administrator's token",
  open: "token, or open access",
  none: "",
} as const;

/** Errors, end reasons, close codes, limits, rates and endpoints, each as one table. */
export function tableSections(): readonly Section[] {
  return [errors(), reasons(), closes(), bounds(), rates(), endpoints()];
}

function errors(): Section {
  const rows = Object.entries<ErrorRow>(errorTable).map(([name, row]) => [
    code(name),
    String(row.http),
    yes(row.retry),
    row.operator === undefined ? row.sentence : `${row.sentence} Who runs the server: ${row.operator}`,
  ]);
  const text = ["The same over WebSocket (`error.code`) and REST (`code`). Codes are never reused."];
  return { id: "errors", title: "Errors", text, table: { head: ["code", "HTTP", "retry", "sentence"], rows } };
}

function reasons(): Section {
  const calls = Object.entries(endReasons).map(([name, row]) => {
    const status = row.answered === "either" ? `${row.status}; missed before the answer` : row.status;
    return [
      code(name),
      answeredText[row.answered],
      status,
      row.answered === "either" ? "before the answer" : yes(row.missed),
      row.sentence,
    ];
  });
  const devices = Object.entries(deviceEndReasons).map(([name, row]) => [code(name), "", "", "", row.sentence]);
  return {
    id: "end-reasons",
    title: "End reasons",
    text: [
      "Why a call ended. The last two end the ringing of one device only.",
      "`endedBy` says whose doing it was, over WebSocket and REST alike: `you` (the user, on whichever device), `peer`, or " +
        "`server`, which also stands for an administrator and for ends that no party caused, such as no answer. It is absent " +
        "where the server does not know. A client that names no protocol is not told over WebSocket.",
    ],
    table: { head: ["reason", "occurs", "status", "missed", "sentence"], rows: [...calls, ...devices] },
  };
}

function closes(): Section {
  const rows = Object.entries(closeCodes).map(([name, row]) => [code(name), row.meaning, reconnectText[row.reconnect]]);
  return { id: "close-codes", title: "Close codes", text: [], table: { head: ["code", "meaning", "reconnect"], rows } };
}

function bounds(): Section {
  const rows = Object.entries(limits).map(([name, value]) => [code(name), group(value)]);
  return {
    id: "limits",
    title: "Limits",
    text: ["Units are in the names."],
    table: { head: ["limit", "value"], rows },
  };
}

function rates(): Section {
  const rows = Object.values(messageRates).map((row) => [row.counts, String(row.burst), String(row.perSec)]);
  const text = [
    "Per socket. Over its rate a socket is not read until it may send again; nothing is dropped. After 5 s of that it " +
      "is closed with `4429`.",
    "All sockets of a user together have four times as much, over those that come after one another as well.",
  ];
  return { id: "rates", title: "Rates", text, table: { head: ["messages", "at once", "a second"], rows } };
}

function endpoints(): Section {
  const rows = Object.values(restContract).map((row) => [
    code(`${row.method} ${row.path}`),
    authText[row.auth],
    row.doc,
  ]);
  return {
    id: "rest",
    title: "REST",
    text: ["Shapes and statuses: `openapi.json`."],
    table: { head: ["endpoint", "needs", ""], rows },
  };
}
