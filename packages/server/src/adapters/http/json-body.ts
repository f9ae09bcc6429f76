import { Refusal } from "@echoo/protocol";
import express, { type Request, type Response } from "express";

/**
 * A page of another site can make a browser send a form or plain text without asking first, but not JSON: so what
 * carries a body, or changes something without a token, must say that it is JSON.
 */
export function demandJson(request: Request): void {
  const changes = request.method !== "GET" && request.method !== "HEAD";
  const anonymous = request.headers.authorization === undefined;
  if (!hasBody(request) && !(changes && anonymous)) return;
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new Refusal("unsupported_media_type");
}

/** Reads the body, or gives undefined where there is none. */
export function readJson(request: Request, response: Response, maxBytes: number): Promise<unknown> {
  if (!hasBody(request)) return Promise.resolve(undefined);
  const parse = express.json({ limit: maxBytes, type: () => true });
  return new Promise((resolve, reject) => {
    parse(request, response, (error?: unknown) => (error === undefined ? resolve(request.body) : reject(error)));
  });
}

function hasBody({ headers }: Request): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
