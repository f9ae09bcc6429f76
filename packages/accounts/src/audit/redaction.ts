import ipaddr from "ipaddr.js";

/** Values that never reach a log, whatever object they sit in. */
const secretFields = new Set(
  (
    "token authtoken accesstoken refreshtoken authorization cookie otp devotp passcode invite password credential" +
    " secret turnsecret sdp offer answer candidate candidates usernamefragment body message emoji endpoint"
  ).split(" "),
);
/** Numbers of people: the last two digits are enough to follow a case. */
const numberFields = new Set(
  "userid phone phonenumber from to caller callee peer contact blocked owner reporter viewer user users party other".split(
    " ",
  ),
);
const addressFields = new Set("address remoteaddress ip clientaddress addresses".split(" "));

const maxDepth = 5;
const maxItems = 50;
export const maxTextChars = 2000;

/** A copy of the fields in which secrets are gone, numbers shortened and addresses cut to their network. */
export function withoutSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return cleanObject(fields, 0);
}

function cleanObject(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, maxItems);
  return Object.fromEntries(entries.map(([name, inner]) => [name, cleanField(name, inner, depth)]));
}

function cleanField(name: string, value: unknown, depth: number): unknown {
  const key = name.toLowerCase();
  if (value === undefined || value === null || typeof value === "boolean") return value;
  if (secretFields.has(key)) return "[redacted]";
  if (numberFields.has(key)) return cleanLeaves(value, shortenNumber, depth);
  if (addressFields.has(key)) return cleanLeaves(value, truncateAddress, depth);
  if (key === "origin") return cleanLeaves(value, bareOrigin, depth);
  return cleanLeaves(value, cleanText, depth);
}

function cleanLeaves(value: unknown, clean: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return clean(value);
  if (typeof value !== "object" || value === null) return typeof value === "function" ? "[function]" : value;
  if (depth >= maxDepth) return "[deep]";
  if (value instanceof Error) return cleanError(value, depth + 1);
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => cleanLeaves(item, clean, depth + 1));
  return cleanObject(value, depth + 1);
}

/**
 * Messages of errors are other people's words: a database quotes the key that it found twice. A database that is away
 * is no fault of the program's: where in it that was noticed is three stacks of noise to the operator.
 */
function cleanError(error: Error, depth: number, isOurs = error.name !== "StoreUnavailable"): Record<string, unknown> {
  const { cause } = error;
  const hasInner = cause instanceof Error && depth < maxDepth;
  const inner = hasInner ? cleanError(cause, depth + 1, isOurs) : cleanLeaves(cause, cleanText, depth);
  return {
    type: error.name,
    message: cleanText(error.message),
    ...(isOurs ? { stack: cleanText(error.stack ?? "") } : {}),
    ...("code" in error ? { code: error.code } : {}),
    ...(cause === undefined ? {} : { cause: inner }),
  };
}

/** Free text: anything in it that looks like a telephone number is shortened. */
export function cleanText(text: string): string {
  // A number that lies across the cut would no longer look like one.
  const cut = text.length > maxTextChars ? text.slice(0, maxTextChars).replace(/\+?\d+$/, "…") : text;
  return cut.replace(/(?<![\w-])\+?\d{7,15}(?![\w-])/g, shortenNumber);
}

/** "…67" of +15551234567. Ids that are no numbers are cut as well. */
export function shortenNumber(text: string): string {
  return text.length <= 2 ? "…" : `…${text.slice(-2)}`;
}

/** Scheme, host and port, which is all that a browser sends; what another client adds is its own secret. */
function bareOrigin(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : "null";
  return origin === "null" ? "[origin]" : cleanText(origin);
}

/** The network of an address: /24 of IPv4, /48 of IPv6. */
export function truncateAddress(text: string): string {
  if (!ipaddr.isValid(text)) return "[address]";
  const address = ipaddr.process(text);
  if (address.kind() === "ipv4") return address.toString().replace(/\.\d+$/, ".0");
  const parts = (address as ipaddr.IPv6).parts.slice(0, 3).map((part) => part.toString(16));
  return `${parts.join(":")}::`;
}
