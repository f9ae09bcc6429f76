import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "@echoo/protocol";
import { type RequestHandler, Router } from "express";
import { BuiltAssets } from "../assets/built-assets.ts";
import { docsIcon } from "./docs-icon.ts";
import { docsStyle } from "./docs-style.ts";
import { type DocumentName, generateDocument, type UserKind } from "./documents.ts";
import { startSwagger } from "./rest-page.ts";

/** Beside the built server; where it runs from its sources, those of the package, which is there for development alone. */
const builtDir = fileURLToPath(new URL("./swagger-ui", import.meta.url));
const swaggerDir = existsSync(builtDir)
  ? builtDir
  : dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
/** Changes with a release only. */
const assetCache = "public, max-age=3600";

interface DocsOptions {
  readonly version: string;
  readonly users?: UserKind;
}

/**
 * `/openapi.json`, `/asyncapi.json` and `/docs`. Everything comes from this server, and no page needs inline
 * scripts or styles: it works offline and under the strictest policy.
 */
export function docsRouter({ version, users = "phone" }: DocsOptions): Router {
  const router = Router();
  const swagger = new BuiltAssets(swaggerDir);
  const get = (path: string, handler: RequestHandler) => router.route(path).get(handler).all(onlyGet);
  const generated = (name: DocumentName) => () => readDocument(name, version, users);
  get("/openapi.json", fixed("application/json", generated("openapi.json")));
  get("/asyncapi.json", fixed("application/json", generated("asyncapi.json")));
  get("/docs", fixed("text/html", generated("rest.html")));
  get("/docs/messages", fixed("text/html", generated("messages.html")));
  get(
    "/docs/assets/docs.css",
    fixed("text/css", () => Buffer.from(docsStyle), assetCache),
  );
  get(
    "/docs/assets/start.js",
    fixed("text/javascript", () => Buffer.from(startSwagger), assetCache),
  );
  get(
    "/docs/assets/icon.svg",
    fixed("image/svg+xml", () => Buffer.from(docsIcon), assetCache),
  );
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"])
    get(`/docs/assets/${name}`, swaggerFile(swagger, name));
  return router;
}

/** Made once, when first asked for: many who ask at the same time, and do not read what they asked for, share one copy. */
function fixed(type: string, make: () => Buffer, cacheControl = "no-cache"): RequestHandler {
  let made: { readonly bytes: Buffer; readonly tag: string } | undefined;
  return (_request, response) => {
    made ??= tagged(make());
    response.set({ "Cache-Control": cacheControl, ETag: made.tag }).type(type).send(made.bytes);
  };
}

function tagged(bytes: Buffer) {
  return { bytes, tag: `"${createHash("sha256").update(bytes).digest("base64url")}"` };
}

/** As the build wrote it; a server that runs from its sources generates it. */
function readDocument(name: DocumentName, version: string, users: UserKind): Buffer {
  const built = new URL(`./documents/${users}/${name}`, import.meta.url);
  return existsSync(built) ? readFileSync(built) : Buffer.from(generateDocument(name, version, users));
}

function swaggerFile(swagger: BuiltAssets, name: string): RequestHandler {
  return (request, response, next) => {
    response.set("Cache-Control", assetCache);
    swagger.send(name, request, response, next);
  };
}

const onlyGet: RequestHandler = (_request, response, next) => {
  response.set("Allow", "GET, HEAD");
  next(new Refusal("method_not_allowed"));
};
