import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { launchChromium, requireService } from "@echoo/testkit";

test("Chromium shows moving pictures from its fake camera without asking", {
  skip: requireService("chromium"),
}, async (t) => {
  const server = createServer((_, response) =>
    response.setHeader("content-type", "text/html").end("<video autoplay muted></video>"),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const browser = await launchChromium();
  t.after(() => browser.close());

  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const tracks = await page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    const video = document.querySelector("video");
    if (video === null) throw new Error("the page has no video");
    video.srcObject = stream;
    await new Promise((shown) => video.requestVideoFrameCallback(shown));
    await new Promise((shown) => video.requestVideoFrameCallback(shown));
    return stream.getTracks().map((track) => `${track.kind} ${track.readyState}`);
  });
  assert.deepEqual(tracks, ["audio live", "video live"]);
});
