import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import {
  type Coturn,
  requireService,
  type ServerProcess,
  type SharedBrowser,
  shareChromium,
  spawnServer,
  startCoturn,
  startTogether,
} from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openSdkPage } from "./sdk-page.ts";

const secret = "the-secret-that-both-know-0001";
/** What a second of sound and pictures takes at least, in one direction. */
const someMediaBytes = 20_000;
const missing = requireService("chromium") || requireService("coturn");

describe("a call that must go through a relay, in a real browser", { skip: missing, timeout: 120_000 }, () => {
  let coturn: Coturn;
  let browser: SharedBrowser;
  const tokens = new Map<string, string>();
  before(async () => {
    [coturn, browser] = await startTogether([startCoturn({ secrets: [secret] }), shareChromium()]);
  });
  after(async () => {
    await browser?.close();
    await coturn?.stop();
  });

  const serverWith = (policy: string, test: TestContext): Promise<ServerProcess> =>
    spawnServer({
      test,
      env: { ECHOO_ICE_POLICY: policy, TURN_URLS: coturn.url, ECHOO_TURN_SECRET: secret, ECHOO_LOG_LEVEL: "debug" },
    });

  /** Asks with a token of that number's own. */
  async function ask(server: ServerProcess, number: string, path: string, body?: object): Promise<Response> {
    const headers = { "content-type": "application/json" };
    let token = tokens.get(number);
    if (token === undefined) {
      const phone = JSON.stringify({ phone: number });
      const registered = await fetch(`${server.url}/api/auth/register`, { method: "POST", headers, body: phone });
      token = ((await registered.json()) as { token: string }).token;
      tokens.set(number, token);
    }
    const method = body === undefined ? {} : { method: "PUT", body: JSON.stringify(body) };
    return fetch(`${server.url}${path}`, { ...method, headers: { ...headers, authorization: `Bearer ${token}` } });
  }

  /** What the history says of both sides, once it has them: records are written behind the call. */
  function relayedSides(server: ServerProcess, number: string, callId: string): Promise<(boolean | undefined)[]> {
    const read = async () => {
      const reply = await ask(server, number, `/api/stats/${number}/calls/${callId}`);
      const { sides = [] } = (await reply.json()) as { sides?: { summary?: { relayed?: boolean } }[] };
      return sides.map(({ summary }) => summary?.relayed);
    };
    return server.stored(read, (relayed) => relayed.length === 2 && !relayed.includes(undefined));
  }

  async function twoOnline(server: ServerProcess, annNumber: string, bobNumber: string) {
    const page = await browser.newPage();
    await openSdkPage(page, server.url);
    await page.evaluate(
      async ({ url, annNumber, bobNumber }) => {
        await Promise.all([sdk.join("ann", url, annNumber), sdk.join("bob", url, bobNumber)]);
        sdk.client("bob").on("incoming", (call) => void call.answer());
      },
      { url: `${server.wsUrl}ws`, annNumber, bobNumber },
    );
    return page;
  }

  it("flows through coturn, which counts it, and the history says so", async (t) => {
    const server = await serverWith("relay", t);
    const [annNumber, bobNumber] = ["5570001", "5570002"];
    const page = await twoOnline(server, annNumber, bobNumber);
    const { callId, pairs, gathered } = await page.evaluate(async (bobNumber) => {
      const call = await sdk.client("ann").call(bobNumber, { video: true });
      await Promise.all([sdk.inState("ann", "connected"), sdk.inState("bob", "connected")]);
      await Promise.all((["ann", "bob"] as const).map((name) => sdk.flows(name, "video")));
      for (const name of ["ann", "bob"] as const)
        while (sdk.call(name).samples.length < 2) await sdk.flows(name, "video");
      const pairs = (["ann", "bob"] as const).map((name) => sdk.call(name).samples.at(-1)?.pair);
      const gathered = await Promise.all((["ann", "bob"] as const).map((name) => sdk.candidateTypes(name)));
      call.hangUp();
      await sdk.inState("bob", "ended").catch(() => {});
      return { callId: call.id, pairs, gathered };
    }, bobNumber);
    assert.deepEqual(pairs, ["relay", "relay"]);
    assert.deepEqual(gathered, [["relay"], ["relay"]]);
    const busy = () => coturn.usage().filter((one) => Math.min(one.receivedBytes, one.sentBytes) > someMediaBytes);
    await coturn.until(
      () => new Set(busy().map(({ username }) => username)).size === 2,
      "that both sides' media went through it",
    );
    await page.close();
    for (const number of [annNumber, bobNumber]) {
      assert.deepEqual(await relayedSides(server, number, callId), [true, true]);
    }
  });

  /** A call of sound that both sides add their camera to; then which candidates each got of the other. */
  async function talk(page: Page, bobNumber: string): Promise<string[][]> {
    return page.evaluate(async (bobNumber) => {
      const call = await sdk.client("ann").call(bobNumber, { video: false });
      await Promise.all([sdk.inState("ann", "connected"), sdk.inState("bob", "connected")]);
      await call.setVideo(true);
      await sdk.flows("bob", "video");
      await sdk.call("bob").setVideo(true);
      await sdk.flows("ann", "video");
      return Promise.all((["ann", "bob"] as const).map((name) => sdk.candidateTypes(name, "remote")));
    }, bobNumber);
  }

  it("keeps to the relay for a stranger's call, though the caller had gathered more; a contact's is direct", async (t) => {
    const server = await serverWith("relay-strangers", t);
    const [annNumber, bobNumber] = ["5570003", "5570004"];
    const first = await twoOnline(server, annNumber, bobNumber);
    assert.deepEqual(await talk(first, bobNumber), [["relay"], ["relay"]]);
    await first.close();
    const added = await ask(server, bobNumber, `/api/users/${bobNumber}/contacts/${annNumber}`, { name: "Ann" });
    assert.equal(added.ok, true, await added.text());
    const second = await twoOnline(server, annNumber, bobNumber);
    const types = await talk(second, bobNumber);
    assert.ok(
      types.every((of) => of.includes("host")),
      JSON.stringify(types),
    );
    await second.close();
  });
});
