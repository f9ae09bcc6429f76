import { isTooDeep, Refusal } from "@echoo/protocol";
import type { Request } from "express";
import { invalid } from "./request-context.ts";

/** Of a body that came without a length; it grows from there. */
const firstBytes = 4096;

/**
 * A page of another site can make a browser send a form or plain text without asking first, but not JSON: so what
 * carries a body, or changes something without a token, must say that it is JSON. A compressed body is refused: how
 * much comes out of it shows only when it has, and nothing that is sent here is worth it.
 */
export function requireJson(request: Request): void {
  const changes = request.method !== "GET" && request.method !== "HEAD";
  const anonymous = request.headers.authorization === undefined;
  if (!hasBody(request) && !(changes && anonymous)) return;
  const [type, ...parameters] = (request.headers["content-type"] ?? "").toLowerCase().split(/ *; */);
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.trimEnd();
  const isUtf8 = charset === undefined || /^charset="?utf-8"?$/.test(charset);
  if (type?.trim() !== "application/json" || !isUtf8) throw new Refusal("unsupported_media_type");
  const coding = request.headers["content-encoding"] ?? "identity";
  if (coding.toLowerCase() === "identity") return;
  throw new Refusal("unsupported_media_type", { message: "Send the body without a Content-Encoding." });
}

/** Reads the body, or gives undefined where there is none. What is too large or has too many levels is never parsed. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const text = textOf(await readBytes(request, maxBytes));
  if (isTooDeep(text)) throw invalid("", "too many levels");
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("", "not JSON");
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid("", "not UTF-8");
  }
}

/** Rejects as soon as it is too large; what still comes of it then is not read. */
function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const length = Number(request.headers["content-length"] ?? firstBytes);
  if (request.headers["content-length"] !== undefined && length > maxBytes) {
    return Promise.reject(new Refusal("payload_too_large"));
  }
  return new Promise((resolve, reject) => {
    let bytes = Buffer.allocUnsafe(Math.min(length, maxBytes));
    let size = 0;
    const settle = (end: () => void) => {
      request.off("data", onData).off("end", onEnd).off("close", onClose).resume();
      end();
    };
    const onData = (piece: Buffer) => {
      if (size + piece.length > maxBytes) return settle(() => reject(new Refusal("payload_too_large")));
      if (size + piece.length > bytes.length) {
        // One copy for each doubling, however small the pieces are.
        const more = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(size + piece.length, bytes.length * 2)));
        bytes.copy(more, 0, 0, size);
        bytes = more;
      }
      size += piece.copy(bytes, size);
    };
    const onEnd = () => settle(() => resolve(bytes.subarray(0, size)));
    const onClose = () => settle(() => reject(invalid("", "the body did not come whole")));
    request.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function hasBody({ headers }: Request): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
