import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

/** What the pages of the API's documentation need of Swagger UI, and the terms that it comes under. */
const names = ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "LICENSE", "NOTICE"];

/**
 * Puts Swagger UI's files beside the built server. Its package is for development alone: it depends on one that reports
 * every installation to its makers.
 */
export function copyDocsFiles() {
  const target = join(root, "packages/server/dist/docs/swagger-ui");
  mkdirSync(target, { recursive: true });
  for (const name of names) copyFileSync(join(root, "node_modules/swagger-ui-dist", name), join(target, name));
}
