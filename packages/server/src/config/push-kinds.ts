import { readFileSync } from "node:fs";
import { type FcmCredentials, readFcmCredentials } from "./fcm-credentials.ts";
import type { Kind } from "./kinds.ts";

export const contactUrl: Kind<string> = {
  must: "mailto:you@example.com or an https address",
  read: (text) => (/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/.test(text) ? text : undefined),
};

export const fcmCredentials: Kind<FcmCredentials> = {
  must: "the path of a service account's JSON file, or what is in it",
  read: (text) => readFcmCredentials(text.startsWith("{") ? text : contentOf(text)),
};

export const pemKey: Kind<string> = {
  must: "the path of a .p8 file, or what is in it",
  read(text) {
    // In one line, as environments often have it.
    const key = text.startsWith("-----BEGIN") ? text.replaceAll("\\n", "\n") : contentOf(text);
    return key.includes("-----BEGIN PRIVATE KEY-----") ? key : undefined;
  },
};

/** Nothing where it cannot be read: the fault says what was expected. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
