import { readdirSync } from "node:fs";
import { extname, sep } from "node:path";
import express, { type NextFunction, type Request, type RequestHandler, type Response } from "express";
import { acceptedCoding, type Coding, codings } from "./accepted-coding.ts";

/**
 * The files of a folder, some of which were compressed when it was built. Which ones is read once: what is built while
 * the server runs is sent as it is.
 */
export class BuiltAssets {
  /** Unlike `response.sendFile` it gives each file a tag where the app has switched tags off for its own answers. */
  readonly #serve: RequestHandler;
  readonly #codings = new Map<string, Set<Coding>>();

  constructor(dir: string) {
    this.#serve = express.static(dir, { index: false, redirect: false, cacheControl: false });
    for (const file of filesOf(dir)) {
      for (const [coding, ending] of Object.entries(codings) as [Coding, string][]) {
        if (file.endsWith(ending)) this.#add(file.slice(0, -ending.length), coding);
      }
    }
  }

  #add(name: string, coding: Coding): void {
    const known = this.#codings.get(name) ?? new Set();
    this.#codings.set(name, known.add(coding));
  }

  /** Whether there is a smaller form of this file. */
  has(name: string): boolean {
    return this.#codings.has(name);
  }

  /**
   * Answers with a file, in the form that the client likes best; a part of a file is a part of it as it is. `next` is
   * called where the file cannot be read, with nothing of this said.
   */
  send(name: string, request: Request, response: Response, next: NextFunction): void {
    const atHand = this.#codings.get(name);
    const isPart = request.headers.range !== undefined;
    if (atHand !== undefined) response.vary("Accept-Encoding");
    const coding = atHand && !isPart ? acceptedCoding(request.get("accept-encoding"), atHand) : undefined;
    response.type(extname(name));
    if (coding !== undefined) response.set("Content-Encoding", coding);
    const { url } = request;
    request.url = encodeURI(`/${coding === undefined ? name : name + codings[coding]}`);
    this.#serve(request, response, (error) => {
      request.url = url;
      for (const header of ["Content-Encoding", "Content-Type", "Cache-Control"]) response.removeHeader(header);
      next(error);
    });
  }
}

/** Relative, with slashes. None where the folder is not there. */
function filesOf(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll(sep, "/"));
  } catch {
    return [];
  }
}
