import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EchooRest } from "@echoo/client";
import { Bench, joined, settled } from "./bench.ts";

/** A host product that gives out tokens 1, 2, 3…; or fails, or is slow. */
function tokens() {
  const source = { given: 0, failure: undefined as Error | undefined, gate: undefined as Promise<void> | undefined };
  const token = async () => {
    source.given += 1;
    const now = `token ${source.given}`;
    await source.gate;
    if (source.failure) throw source.failure;
    return now;
  };
  return { source, token };
}

async function online(bench: Bench): Promise<Bench> {
  bench.server.answersPings = true;
  bench.client.connect();
  return joins(bench);
}

async function joins(bench: Bench): Promise<Bench> {
  bench.socket.open();
  await settled();
  bench.socket.say(joined());
  return bench;
}

describe("a function that gives tokens", () => {
  it("is asked before every join", async () => {
    const bench = await online(new Bench({ token: tokens().token }));
    assert.equal(bench.socket.last("join").token, "token 1");
    bench.socket.drop(1006);
    await joins(bench.retries());
    assert.equal(bench.socket.last("join").token, "token 2");
    assert.deepEqual(bench.socket.last("join").resume, { session: "s1", seq: 0 });
  });

  it("may give its token at once", async () => {
    const bench = await online(new Bench({ token: () => "at once" }));
    assert.equal(bench.socket.last("join").token, "at once");
  });

  it("is asked when the last token ends soon, and the new one takes its place on the same socket", async () => {
    const bench = await online(new Bench({ token: tokens().token }));
    const { socket } = bench;
    socket.say({ type: "tokenExpiring", inMs: 60_000 });
    await settled();
    assert.equal(socket.last("authenticate").authToken, "token 2");
    socket.say({ type: "authenticated", userId: "ann" });
    await settled();
    bench.clock.advance(60_000);
    assert.equal(bench.server.sockets.length, 1);
    assert.deepEqual(bench.log, ["connecting", "online"]);
  });

  it("is asked again every ten seconds where it fails, while the last token is still good", async () => {
    const { source, token } = tokens();
    const bench = await online(new Bench({ token }));
    source.failure = new Error("the host product is down");
    bench.socket.say({ type: "tokenExpiring", inMs: 25_000 });
    await settled();
    for (let tries = 0; tries < 5; tries += 1) {
      bench.clock.advance(10_000);
      await settled();
    }
    assert.equal(source.given, 1 + 3);
    assert.deepEqual(bench.log.slice(2), Array(3).fill("error token_failed"));
  });

  it("that fails before a join is asked again after the usual pause", async () => {
    const { source, token } = tokens();
    source.failure = new Error("the host product is down");
    const bench = new Bench({ token });
    bench.client.connect();
    bench.socket.open();
    await settled();
    assert.deepEqual(bench.socket.types(), []);
    assert.deepEqual(bench.log, ["connecting", "error token_failed"]);
    source.failure = undefined;
    await joins(bench.retries());
    assert.equal(bench.socket.last("join").token, "token 2");
    assert.equal(bench.client.status, "online");
  });

  it("that takes too long is given up with its socket, and its token is not used", async () => {
    const { source, token } = tokens();
    let open: () => void = () => {};
    source.gate = new Promise((resolve) => {
      open = resolve;
    });
    const bench = new Bench({ token });
    bench.client.connect();
    bench.socket.open();
    const first = bench.socket;
    bench.clock.advance(10_000);
    assert.equal(first.closed, true);
    bench.retries().socket.open();
    open();
    await settled();
    assert.deepEqual(first.types(), []);
    assert.deepEqual(bench.socket.types(), ["join"]);
    assert.equal(bench.socket.last("join").token, "token 2");
  });

  it("gives one more token when the server says that the last one is not good any more", async () => {
    const bench = await online(new Bench({ token: tokens().token }));
    bench.socket.drop(4401);
    assert.equal(bench.client.status, "connecting");
    await joins(bench.retries());
    assert.equal(bench.socket.last("join").token, "token 2");
    assert.equal(bench.client.status, "online");
  });

  it("is not asked for ever: a token that is refused at once ends it", async () => {
    const bench = await online(new Bench({ token: tokens().token }));
    bench.socket.drop(4401);
    bench.retries().socket.open();
    await settled();
    bench.socket.say({ type: "error", code: "unauthorized", message: "No." });
    bench.socket.drop(4401);
    assert.equal(bench.client.status, "offline");
    assert.deepEqual(bench.log, ["connecting", "online", "connecting", "error unauthorized", "offline"]);
  });

  it("is not asked after leaving", async () => {
    const { source, token } = tokens();
    const bench = await online(new Bench({ token }));
    source.failure = new Error("down");
    bench.socket.say({ type: "tokenExpiring", inMs: 60_000 });
    await settled();
    void bench.client.leave();
    bench.clock.advance(60_000);
    await settled();
    assert.equal(source.given, 2);
  });
});

it("without such a function a token that is not good any more ends it", () => {
  const bench = new Bench({ token: "old" }).online();
  bench.socket.drop(4401);
  assert.equal(bench.client.status, "offline");
});

describe("the REST client", () => {
  const sent: (string | null)[] = [];
  const fetched = async (_url: unknown, init?: RequestInit) => {
    sent.push(new Headers(init?.headers).get("authorization"));
    return Response.json({ sessions: [] });
  };

  it("asks the function before every request", async () => {
    const rest = new EchooRest({ token: tokens().token, fetch: fetched });
    await rest.listTokens();
    await rest.listTokens();
    assert.deepEqual(sent, ["Bearer token 1", "Bearer token 2"]);
  });

  it("fails with its failure", async () => {
    const { source, token } = tokens();
    source.failure = new Error("down");
    const rest = new EchooRest({ token, fetch: fetched });
    await assert.rejects(rest.listTokens(), { code: "token_failed", cause: source.failure });
  });

  it("sends no other request than it was asked for, whatever a user is called", async () => {
    const rest = new EchooRest({ fetch: () => assert.fail("something was sent") });
    for (const other of ["", ".", ".."]) {
      await assert.rejects(rest.deleteBlock({ params: { phone: "ann", other } }), { code: "invalid" });
    }
  });
});
