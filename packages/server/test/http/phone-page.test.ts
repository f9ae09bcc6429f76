import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { startRest } from "./rest-server.ts";

const script = "export const words = 'one two three';\n".repeat(40);
const page = "<!doctype html><title>the phone</title><style>p{margin:0}</style><script>start()</script>";

async function servedPage(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), "echoo-page-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, "assets"));
  const put = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    writeFileSync(join(dir, `${name}.br`), brotliCompressSync(text));
    writeFileSync(join(dir, `${name}.gz`), gzipSync(text));
  };
  put("index.html", page);
  put("assets/index-abc123.js", script);
  writeFileSync(join(dir, "favicon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  const { url } = await startRest(t, { phoneDir: dir });
  return {
    dir,
    get: (path: string, headers: Record<string, string> = {}, method = "GET") => ask(url + path, headers, method),
  };
}

/** As it comes over the wire: `fetch` would decompress it, and choose its own headers. */
function ask(url: string, headers: Record<string, string>, method: string) {
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    const sent = request(url, { method, headers }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part);
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
    });
    sent.on("error", reject).end();
  });
}

const path = "/assets/index-abc123.js";

test("a script is sent in the smallest form that the client takes, for good", async (t) => {
  const { get } = await servedPage(t);
  for (const [accepted, coding, unpack] of [
    ["gzip, deflate, br", "br", brotliDecompressSync],
    ["gzip, br;q=0.1", "gzip", gunzipSync],
    ["br;q=0", undefined, (bytes: Buffer) => bytes],
  ] as const) {
    const { status, headers, body } = await get(path, { "accept-encoding": accepted });
    assert.deepEqual([status, headers["content-encoding"]], [200, coding]);
    assert.equal(unpack(body).toString(), script);
    assert.equal(headers["content-length"], String(body.length));
    assert.match(headers["content-type"] ?? "", /^text\/javascript; charset=utf-8$/);
    assert.equal(headers.vary, "Accept-Encoding");
    assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
  }
});

test("each form has a tag of its own, by which it is not sent again", async (t) => {
  const { get } = await servedPage(t);
  const [packed, plain] = [await get(path, { "accept-encoding": "br" }), await get(path)];
  assert.notEqual(packed.headers.etag, plain.headers.etag);
  const again = await get(path, { "accept-encoding": "br", "if-none-match": packed.headers.etag ?? "" });
  assert.deepEqual([again.status, again.body.length, again.headers.vary], [304, 0, "Accept-Encoding"]);
  const other = await get(path, { "accept-encoding": "br", "if-none-match": plain.headers.etag ?? "" });
  assert.equal(other.status, 200);
});

test("a part of a script is a part of it as it is, and a HEAD is told what a GET would be", async (t) => {
  const { get } = await servedPage(t);
  const part = await get(path, { "accept-encoding": "br", range: "bytes=7-11" });
  assert.deepEqual([part.status, part.headers["content-encoding"], part.body.toString()], [206, undefined, "const"]);
  const head = await get(path, { "accept-encoding": "br" }, "HEAD");
  assert.deepEqual([head.status, head.headers["content-encoding"], head.body.length], [200, "br", 0]);
});

test("the page is asked about each time, and its own policy alone allows what stands in it", async (t) => {
  const { get } = await servedPage(t);
  for (const address of ["/", "/index.html", "/?invite=abc"]) {
    const { headers, body } = await get(address, { "accept-encoding": "br" });
    assert.equal(brotliDecompressSync(body).toString(), page);
    assert.equal(headers["cache-control"], "no-cache");
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /;script-src 'self' 'sha256-[\w+/]{43}=';/);
    assert.match(policy, /;style-src 'self' 'sha256-[\w+/]{43}=';/);
  }
  for (const address of [path, "/favicon.svg", "/api/health", "/nowhere"]) {
    assert.doesNotMatch(String((await get(address)).headers["content-security-policy"]), /sha256/);
  }
});

test("what has no smaller form, or lost it, is sent as it is", async (t) => {
  const { dir, get } = await servedPage(t);
  const icon = await get("/favicon.svg", { "accept-encoding": "br" });
  assert.deepEqual([icon.status, icon.headers["content-encoding"]], [200, undefined]);
  assert.equal(icon.headers["content-type"], "image/svg+xml");
  unlinkSync(join(dir, `${path}.br`));
  const script = await get(path, { "accept-encoding": "br" });
  assert.deepEqual([script.status, script.headers["content-encoding"]], [200, undefined]);
  assert.equal((await get("/assets/none.js", { "accept-encoding": "br" })).status, 404);
});
