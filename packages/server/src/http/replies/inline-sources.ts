import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Response } from "express";

/** The hashes by which a content security policy allows what stands within a page itself. */
export interface InlineSources {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

/** Of a page that this server was built with, and that takes in no text of others. */
export function inlineSourcesOf(file: string): InlineSources {
  const html = readPage(file);
  const hashesOf = (element: RegExp) =>
    [...html.matchAll(element)].map(
      ([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`,
    );
  return {
    scripts: hashesOf(/<script>(.*?)<\/script>/gs),
    styles: hashesOf(/<style>(.*?)<\/style>/gs),
  };
}

function readPage(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Adds them to the policy of one answer, which has it already. */
export function allowInline(response: Response, { scripts, styles }: InlineSources): void {
  const policy = String(response.getHeader("Content-Security-Policy"));
  const wider = (directive: string, sources: readonly string[]) => [`${directive} 'self'`, ...sources].join(" ");
  response.set(
    "Content-Security-Policy",
    policy
      .replace("script-src 'self'", wider("script-src", scripts))
      .replace("style-src 'self'", wider("style-src", styles)),
  );
}
