import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, test } from "node:test";
import { Refusal } from "@echoo/protocol";
import { asyncApiDocument, openApiDocument } from "@echoo/protocol/generate";
import express, { type ErrorRequestHandler } from "express";
import helmet from "helmet";
import { docsRouter } from "../../src/docs/docs-routes.ts";

const version = "9.8.7";
const refusalsAsText: ErrorRequestHandler = (error, _request, response, next) => {
  if (!(error instanceof Refusal)) return next(error);
  response.status(405).send(error.code);
};

let server: Server;
let origin: string;

before(async () => {
  const app = express();
  const upgrade = { "upgrade-insecure-requests": null };
  app.use(helmet({ contentSecurityPolicy: { directives: upgrade } }), docsRouter({ version }), refusalsAsText);
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  origin = `http://127.0.0.1:${address.port}`;
});

after(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const get = async (path: string) => {
  const response = await fetch(origin + path);
  assert.equal(response.status, 200, path);
  return { type: response.headers.get("content-type") ?? "", text: await response.text() };
};

test("both descriptions are served as JSON with the version of the server", async () => {
  const documents = { "/openapi.json": openApiDocument(version), "/asyncapi.json": asyncApiDocument(version) };
  for (const [path, document] of Object.entries(documents)) {
    const { type, text } = await get(path);
    assert.match(type, /^application\/json/);
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(document)));
    assert.equal(JSON.parse(text).info.version, version);
  }
});

const pages = ["/docs", "/docs/messages"];

test("every page is HTML, links both and each file that it needs is there", async () => {
  for (const page of pages) {
    const { type, text } = await get(page);
    assert.match(type, /^text\/html/);
    for (const other of [...pages, "/openapi.json", "/asyncapi.json"])
      assert.ok(text.includes(`href="${other}"`), other);
    const files = [...text.matchAll(/(?:src|href)="(\/[^"#]*)"/g)].map((match) => match[1] ?? "");
    assert.ok(files.some((file) => file.endsWith("/docs.css")));
    for (const file of new Set(files)) assert.ok((await get(file)).text.length > 0, file);
  }
});

test("no page has inline scripts, inline styles or anything from elsewhere", async () => {
  for (const page of pages) {
    const { text } = await get(page);
    assert.doesNotMatch(text, /<script(?![^>]*\ssrc=)/);
    assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=/);
    assert.doesNotMatch(text, /(?:src|href)="(?!\/|#)/);
  }
  const start = await get("/docs/assets/start.js");
  assert.match(start.type, /^text\/javascript/);
  assert.doesNotMatch(start.text, /https?:/);
});

test("the page of messages has a place for every link of its contents", async () => {
  const { text } = await get("/docs/messages");
  const targets = [...text.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] ?? "");
  assert.ok(targets.length > 60);
  for (const target of targets) assert.equal(text.split(` id="${target}"`).length, 2, target);
});

test("an unchanged page is not sent again", async () => {
  const first = await fetch(`${origin}/docs/messages`);
  const etag = first.headers.get("etag");
  await first.text();
  assert.ok(etag !== null);
  const second = await fetch(`${origin}/docs/messages`, {
    headers: { "If-None-Match": etag, "Cache-Control": "max-age=0" },
  });
  assert.equal(second.status, 304);
});

test("other methods are refused and told which would do", async () => {
  for (const path of ["/openapi.json", "/docs", "/docs/assets/docs.css"]) {
    const response = await fetch(origin + path, { method: "DELETE" });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "GET, HEAD");
    assert.equal(await response.text(), "method_not_allowed");
  }
});
