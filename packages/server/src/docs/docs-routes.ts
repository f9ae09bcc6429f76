import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "@echoo/protocol";
import { asyncApiDocument, openApiDocument } from "@echoo/protocol/generate";
import { type RequestHandler, Router } from "express";
import { BuiltAssets } from "../assets/built-assets.ts";
import { docsIcon } from "./docs-icon.ts";
import { docsStyle } from "./docs-style.ts";
import { messagesPage } from "./messages-page.ts";
import { restPage, startSwagger } from "./rest-page.ts";

/** Beside the built server; where it runs from its sources, those of the package, which is there for development alone. */
const builtDir = fileURLToPath(new URL("./swagger-ui", import.meta.url));
const swaggerDir = existsSync(builtDir)
  ? builtDir
  : dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
/** Changes with a release only. */
const assetCache = "public, max-age=3600";

interface DocsOptions {
  readonly version: string;
  /** `host` where users have the ids of the host product. */
  readonly users?: "phone" | "host";
}

/**
 * `/openapi.json`, `/asyncapi.json` and `/docs`. Everything comes from this server, and no page needs inline
 * scripts or styles: it works offline and under the strictest policy.
 */
export function docsRouter({ version, users = "phone" }: DocsOptions): Router {
  const router = Router();
  const swagger = new BuiltAssets(swaggerDir);
  const get = (path: string, handler: RequestHandler) => router.route(path).get(handler).all(onlyGet);
  get("/openapi.json", fixed("application/json", JSON.stringify(openApiDocument(version, users))));
  get("/asyncapi.json", fixed("application/json", JSON.stringify(asyncApiDocument(version))));
  get("/docs", fixed("text/html", restPage(version)));
  get("/docs/messages", fixed("text/html", messagesPage(version)));
  get("/docs/assets/docs.css", fixed("text/css", docsStyle, assetCache));
  get("/docs/assets/start.js", fixed("text/javascript", startSwagger, assetCache));
  get("/docs/assets/icon.svg", fixed("image/svg+xml", docsIcon, assetCache));
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"])
    get(`/docs/assets/${name}`, swaggerFile(swagger, name));
  return router;
}

/** Made once: many who ask at the same time, and do not read what they asked for, share one copy. */
function fixed(type: string, text: string, cacheControl = "no-cache"): RequestHandler {
  const bytes = Buffer.from(text);
  const tag = `"${createHash("sha256").update(bytes).digest("base64url")}"`;
  return (_request, response) => {
    response.set({ "Cache-Control": cacheControl, ETag: tag }).type(type).send(bytes);
  };
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
