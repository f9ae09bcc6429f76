import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Express, type Request } from "express";
import { BuiltAssets } from "../../assets/built-assets.ts";
import { allowInline, inlineSourcesOf } from "../replies/inline-sources.ts";

/** Where the phone page is built; the same distance from `src` and from `dist`. */
export const builtPhoneDir = fileURLToPath(new URL("../../../../../apps/phone/dist", import.meta.url));

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Echoo</title>
<h1>Echoo is running</h1>
<p>The web phone is not built yet. Stop the server and run <code>npm start</code> in Echoo's folder: it builds what is missing.</p>
<p>The API does not need it: see <a href="/docs">/docs</a> and <a href="/api/health">/api/health</a>.</p>
</html>
`;

const isRead = ({ method }: Request) => method === "GET" || method === "HEAD";

/** Serves the built phone page at `/`; where it is not built, a page that says what to do. */
export function servePhonePage(app: Express, dir: string): void {
  const built = new BuiltAssets(dir);
  const inline = inlineSourcesOf(join(dir, "index.html"));
  // Names in assets/ change with their content, the page itself does not.
  app.use("/assets", (request, response, next) => {
    const name = `assets${request.path}`;
    if (!isRead(request) || !built.has(name)) return next();
    response.set("Cache-Control", "public, max-age=31536000, immutable");
    built.send(name, request, response, next);
  });
  app.use("/assets", express.static(join(dir, "assets"), { immutable: true, maxAge: "1y", fallthrough: true }));
  app.get(["/", "/index.html"], (request, response, next) => {
    response.set("Cache-Control", "no-cache");
    allowInline(response, inline);
    built.send("index.html", request, response, next);
  });
  app.use(
    express.static(dir, {
      index: false,
      cacheControl: false,
      setHeaders: (r) => r.set("Cache-Control", "no-cache"),
    }),
  );
  app.get("/", (_request, response) => {
    response.set("Cache-Control", "no-store").type("html").status(200).send(notBuilt);
  });
}
