import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import express from "express";
import { ReaderGone, type ReplyStream, sendStream } from "../../src/http/replies/reply-stream.ts";

type Stream = (to: ReplyStream) => Promise<void>;

/** A server whose only page is this stream, and what sending it threw. */
async function serve(t: TestContext, stream: Stream) {
  const clock = new FakeClock();
  const app = express();
  let thrown: unknown;
  let over = () => {};
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  app.get("/", async (_request, response) => {
    await sendStream(response, { status: 200, stream }, clock).catch((error: unknown) => {
      thrown = error;
      if (response.headersSent) response.destroy();
      else response.status(500).end();
    });
    over();
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, clock, ended, thrown: () => thrown };
}

const piece = `"${"x".repeat(65_534)}"`;

/** Writes without end, as a history would, and counts. */
function endless(counts: { written: number; end?: unknown }): Stream {
  return async (to) => {
    try {
      for (;;) {
        const isTaken = to.write(piece);
        counts.written += 1;
        if (!isTaken) await to.drained();
      }
    } catch (error) {
      counts.end = error;
      throw error;
    }
  };
}

async function begin(url: string): Promise<IncomingMessage> {
  const request = get(url);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.on("error", () => {});
  return response;
}

test("pieces arrive as one JSON document", async (t) => {
  const { url } = await serve(t, async (to) => {
    to.write("[");
    for (let n = 0; n < 200; n += 1) if (!to.write(`${n === 0 ? "" : ","}${piece}`)) await to.drained();
    to.write("]");
  });
  const response = await fetch(url);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  assert.equal(((await response.json()) as string[]).length, 200);
});

test("for a client that takes nothing a bounded piece is held, and in time it is given up", async (t) => {
  const counts: { written: number; end?: unknown } = { written: 0 };
  const { url, clock, thrown } = await serve(t, endless(counts));
  const response = await begin(url);
  response.pause();
  // The kernel takes some megabytes on both sides of the loopback; when it takes no more, time goes by.
  for (let before = -1; counts.end === undefined; before = counts.written) {
    for (let turns = 0; turns < 100; turns += 1) await new Promise(setImmediate);
    assert.ok(counts.written < 1000, "the server kept everything for a reader who took nothing");
    if (counts.written === before) clock.advance(30_000);
  }
  assert.ok(counts.end instanceof ReaderGone);
  assert.equal(thrown(), counts.end);
  assert.equal(clock.pendingTimers, 0);
  response.destroy();
});

test("a client that goes away ends the reading", async (t) => {
  const counts: { written: number; end?: unknown } = { written: 0 };
  const { url, ended, thrown } = await serve(t, endless(counts));
  const response = await begin(url);
  response.destroy();
  await ended;
  assert.ok(counts.end instanceof ReaderGone);
  assert.equal(thrown(), counts.end);
});

test("what fails in the middle cuts the connection, so that the client does not take it for the whole", async (t) => {
  const { url, thrown } = await serve(t, async (to) => {
    to.write(`[${piece}`);
    throw new Error("the disk failed");
  });
  const response = await begin(url);
  response.resume();
  await new Promise((resolve) => response.once("close", resolve));
  assert.equal(response.complete, false);
  assert.match(String(thrown()), /disk/);
});

test("what fails before the first piece leaves the head to the error handler", async (t) => {
  const { url } = await serve(t, () => Promise.reject(new Error("not there")));
  assert.equal((await fetch(url)).status, 500);
});
