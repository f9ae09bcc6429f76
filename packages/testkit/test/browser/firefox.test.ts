import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { Firefox, requireService } from "@echoo/testkit";

test("Firefox opens its fake camera and microphone without asking", { skip: requireService("firefox") }, async (t) => {
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<p>hello</p>"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const browser = await Firefox.launch();
  t.after(() => browser.close());

  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const tracks = await page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    return stream.getTracks().map((track) => `${track.kind} ${track.readyState}`);
  });
  assert.deepEqual(tracks.toSorted(), ["audio live", "video live"]);
});
