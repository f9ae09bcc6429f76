// Run by the build: generates the documents beside the built server, so that neither its start nor who asks first waits
// for them.
import { mkdirSync, writeFileSync } from "node:fs";
import { readVersion } from "../composition/version.ts";
import { documentNames, generateDocument, userKinds } from "./documents.ts";

for (const users of userKinds) {
  const folder = new URL(`./documents/${users}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const name of documentNames) {
    writeFileSync(new URL(name, folder), generateDocument(name, readVersion(), users));
  }
}
