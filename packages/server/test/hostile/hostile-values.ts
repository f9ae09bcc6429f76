import { limits } from "@echoo/protocol";
import fc from "fast-check";

const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);

/** Texts that are no message, or should be none: each must be refused, and harm nobody. */
export const hostileTexts: Readonly<Record<string, string>> = {
  "an empty frame": "",
  "a space": " ",
  "half an object": '{"type":"ping"',
  "two objects": '{"type":"ping"}{"type":"ping"}',
  "a trailing NUL": '{"type":"ping"}\u0000',
  "a byte order mark": '\ufeff{"type":"ping"}',
  null: "null",
  true: "true",
  "a number": "42",
  "a number without end": "1e999",
  "a string": '"ping"',
  "an array": '[{"type":"ping"}]',
  "an empty object": "{}",
  "a type that is null": '{"type":null}',
  "a type that is a query": '{"type":{"$ne":null}}',
  "a type that is an array": '{"type":["ping"]}',
  "the type __proto__": '{"type":"__proto__"}',
  "the type constructor": '{"type":"constructor"}',
  "the type toString": '{"type":"toString"}',
  "a type of 60,000 letters": JSON.stringify({ type: "x".repeat(60_000) }),
  "arrays in arrays, 10,000 deep": nested(10_000, "[", "]"),
  "objects in objects, 5,000 deep": nested(5_000, '{"a":', "1").replace(/1+$/, `1${"}".repeat(5_000)}`),
  "arrays 10,000 deep within a message": `{"type":"chat","to":"1234567890","message":${nested(10_000, "[", "]")}}`,
  "an unfinished nest, 30,000 deep": "[".repeat(30_000),
  "a lone surrogate as a number": '{"type":"chat","to":"\\ud800","message":"\\udc00"}',
  NaN: '{"type":"ping","seq":NaN}',
};

/** Values that take the place of any field of a message or body. */
export const hostileValues: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -0,
    -1,
    1.5,
    2 ** 53,
    -(2 ** 63),
    1e308,
    "",
    " ",
    "null",
    "undefined",
    "NaN",
    "[object Object]",
  ],
  ...[[], {}, [[]], [null], { $ne: null }, { $gt: "" }, { $where: "sleep(1000)" }, { length: 1e9 }, { toString: "x" }],
  ...["__proto__", "constructor", "../../etc/passwd", "'; DROP TABLE calls; --", "%00", "\u0000", "\ud800", "\u202e"],
  ...["1234567890\n", "echo", "deleted:0", "+".repeat(64), "x".repeat(65), "x".repeat(20_000), "💥".repeat(5_000)],
];

/** Every key that once confused somebody's object, as raw JSON: an object literal would set the prototype. */
export const hostileKeys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "$where", ""];

export const anyHostileValue = fc.oneof(fc.constantFrom(...hostileValues), fc.jsonValue({ maxDepth: 4 }));

/** A message of exactly so many bytes that is valid otherwise: unknown fields are dropped. */
export function pingOfBytes(bytes: number): string {
  const empty = JSON.stringify({ type: "ping", padding: "" });
  return JSON.stringify({ type: "ping", padding: "x".repeat(bytes - empty.length) });
}

export const maxFrameBytes = limits.frameBytes;
