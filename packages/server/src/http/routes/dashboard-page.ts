import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Express } from "express";
import { BuiltAssets } from "../../assets/built-assets.ts";
import { allowInline, inlineSourcesOf } from "../replies/inline-sources.ts";

/** Where the dashboard is built; the same distance from `src` and from `dist`. */
export const builtDashboardDir = fileURLToPath(new URL("../../../../../apps/dashboard/dist", import.meta.url));

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Echoo</title>
<h1>The dashboard is not built yet</h1>
<p>Stop the server and run <code>npm start</code> in Echoo's folder: it builds what is missing.</p>
<p>What it shows is in the API as well: see <a href="/docs">/docs</a>.</p>
</html>
`;

/** Serves the dashboard at `/admin`. The page itself holds nothing: what it shows it asks for with a token. */
export function serveDashboard(app: Express, dir: string): void {
  const built = new BuiltAssets(dir);
  const inline = inlineSourcesOf(join(dir, "index.html"));
  // Names in assets/ change with their content, the page itself does not.
  app.get("/admin/assets/:file", (request, response, next) => {
    const name = `assets/${request.params.file}`;
    if (!built.has(name)) return next();
    response.set("Cache-Control", "public, max-age=31536000, immutable");
    built.send(name, request, response, next);
  });
  app.use("/admin/assets", express.static(join(dir, "assets"), { immutable: true, maxAge: "1y", fallthrough: true }));
  app.get(["/admin", "/admin/index.html"], (request, response, next) => {
    // What the page asks for stands beside it: without the slash its addresses would mean others.
    if (!request.path.startsWith("/admin/")) return response.redirect(302, "/admin/");
    response.set("Cache-Control", "no-cache");
    allowInline(response, inline);
    built.send("index.html", request, response, next);
  });
  app.get("/admin", (_request, response) => {
    response.set("Cache-Control", "no-store").type("html").status(200).send(notBuilt);
  });
}
