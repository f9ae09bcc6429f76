import { isUtf8 } from "node:buffer";
import type Database from "libsql";

type Column = ReturnType<Database.Statement["columns"]>[number];
type Values = Record<string, unknown>;

/**
 * A text of the file is not what was written: its bytes are no UTF-8. It carries SQLite's own code for a damaged file,
 * so that both kinds of damage are met in one place.
 */
export class DamagedText extends Error {
  readonly rawCode = 11;
  /** What else there is of the row: its numbers. */
  readonly numbers: Readonly<Record<string, unknown>>;

  constructor(numbers: Readonly<Record<string, unknown>> = {}) {
    super("a text in the file is damaged");
    this.name = "DamagedText";
    this.numbers = numbers;
  }
}

/** A statement that reads, and how a row is made of what the binding gives. */
export interface SoundSelect {
  readonly sql: string;
  /** Throws `DamagedText`. */
  toRow(given: unknown): Values;
}

/** No name of a column begins so. */
const textsName = ":texts";
const semicolon = 0x3b;

/**
 * The binding aborts the whole process on a text that is no UTF-8, which one damaged byte makes. So texts are fetched as
 * bytes and looked at first: those of a row as one value, lengths in front, for each value that crosses over costs more
 * than a few bytes. A number that damage has turned into a text comes as bytes as well. Undefined for what is no SELECT.
 */
export function soundSelect(sql: string, columns: readonly Column[]): SoundSelect | undefined {
  if (!/^\s*(SELECT|WITH)\b/i.test(sql)) return undefined;
  const texts = columns.filter(({ type }) => type === "TEXT").map(({ name }) => name);
  const others = columns.filter(({ type }) => type !== "TEXT");
  const fetched = others.map(
    ({ name }) => `CASE typeof("${name}") WHEN 'text' THEN CAST("${name}" AS BLOB) ELSE "${name}" END AS "${name}"`,
  );
  if (texts.length > 0) {
    const lengths = texts.map((name) => `octet_length("${name}"), ','`).join(", ");
    fetched.push(
      `CAST(concat(${lengths}, ';', ${texts.map((name) => `"${name}"`).join(", ")}) AS BLOB) AS "${textsName}"`,
    );
  }
  const numbers = new Set(others.filter(({ type }) => type !== null).map(({ name }) => name));
  return {
    sql: `SELECT ${fetched.join(", ")} FROM (${sql})`,
    toRow: (given) => toRow(given as Values, texts, others, numbers),
  };
}

function toRow(
  given: Values,
  texts: readonly string[],
  others: readonly Column[],
  numbers: ReadonlySet<string>,
): Values {
  const row: Values = {};
  const bytes: [name: string, value: unknown][] = [];
  let isSound = true;
  for (const { name } of others) {
    const value = given[name];
    if (!(value instanceof ArrayBuffer || value instanceof Uint8Array)) row[name] = value;
    else if (numbers.has(name)) isSound = false;
    else bytes.push([name, value]);
  }
  if (!isSound) throw new DamagedText(row);
  for (const [name, value] of bytes) row[name] = soundBytes(value, row).toString();
  return texts.length === 0 ? row : { ...readTexts(soundBytes(given[textsName], row), texts), ...row };
}

/** One row comes as a buffer, one of many as its memory. */
function soundBytes(value: unknown, row: Values): Buffer {
  const bytes = value instanceof ArrayBuffer ? Buffer.from(value) : (value as Buffer);
  if (!isUtf8(bytes)) throw new DamagedText(row);
  return bytes;
}

/** `3,,5,;annsofia`: a text of 3 bytes, a NULL, and one of 5 bytes. */
function readTexts(bytes: Buffer, names: readonly string[]): Values {
  const row: Values = {};
  const lengths = bytes.toString("latin1", 0, bytes.indexOf(semicolon)).split(",");
  let at = lengths.join(",").length + 1;
  for (const [index, name] of names.entries()) {
    const length = lengths[index] ?? "";
    const end = at + Number(length);
    row[name] = length === "" ? null : bytes.toString("utf8", at, end);
    at = end;
  }
  return row;
}
