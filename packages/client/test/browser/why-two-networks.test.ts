import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import {
  launchChromium,
  requireNetworks,
  requireService,
  type ServerProcess,
  spawnServer,
  startCoturn,
  TwoNetworks,
} from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openSdkPage } from "./sdk-page.ts";

const run = promisify(execFile);
const secret = "the-secret-that-both-know-0001";
const [annNumber, bobNumber] = ["5590001", "5590002"];
const missing = requireService("chromium") || requireService("coturn") || (await requireNetworks());

interface World {
  readonly networks: TwoNetworks;
  readonly server: ServerProcess;
  readonly annPage: Page;
  readonly bobPage: Page;
}

/** Two browsers in networks that cannot reach each other, and the server that both reach. */
async function apart(t: TestContext, env: Record<string, string>, networks: TwoNetworks): Promise<World> {
  const { router, ann, bob } = networks;
  const server = await spawnServer({
    env: { HOST: "0.0.0.0", ECHOO_OPEN_ACCESS: "all", ...env },
    prefix: router.prefix,
    test: t,
  });
  const origin = `http://${router.address}:${server.port}`;
  const pageIn = async (prefix: readonly string[]) => {
    // Browsers open cameras on secure pages alone, and this network has no certificates.
    const browser = await launchChromium([`--unsafely-treat-insecure-origin-as-secure=${origin}`], prefix);
    t.after(() => browser.close());
    const page = await browser.newPage();
    await openSdkPage(page, origin);
    return page;
  };
  const [annPage, bobPage] = await Promise.all([pageIn(ann.prefix), pageIn(bob.prefix)]);
  const url = `ws://${router.address}:${server.port}/ws`;
  await annPage.evaluate(({ url, number }) => sdk.join("ann", url, number), { url, number: annNumber });
  await bobPage.evaluate(
    async ({ url, number }) => {
      await sdk.join("bob", url, number);
      sdk.client("bob").on("incoming", (call) => void call.answer());
    },
    { url, number: bobNumber },
  );
  return { networks, server, annPage, bobPage };
}

/** Calls, waits until ICE has given up, and tells the verdict that both parties read. */
async function failedCall({ server, annPage, bobPage }: World) {
  const callId = await annPage.evaluate(async (number) => {
    const call = await sdk.client("ann").call(number, { video: false });
    if (call.state !== "ended") await new Promise<void>((resolve) => call.on("ended", () => resolve()));
    return call.id;
  }, bobNumber);
  return verdictOf(server, callId, annPage, bobPage);
}

interface Read {
  readonly verdict?: { readonly code: string; readonly side?: string };
  readonly sides?: readonly { readonly report?: { readonly events: readonly { readonly kind: string }[] } }[];
}

/** As each party reads it, once both sides' reports are there to their ends. */
async function verdictOf(server: ServerProcess, callId: string, annPage: Page, bobPage: Page) {
  const read = (page: Page, number: string) => () => page.evaluate(readCall, { number, callId });
  const isWhole = ({ sides = [] }: Read) =>
    sides.some(({ report }) => report?.events.some(({ kind }) => kind === "end") === true);
  const anns = await server.stored(read(annPage, annNumber), isWhole);
  const bobs = await server.stored(read(bobPage, bobNumber), isWhole);
  assert.deepEqual(bobs.verdict?.code, (await read(annPage, annNumber)()).verdict?.code);
  assert.ok(!JSON.stringify(anns.sides).match(/10\.213\.|candidate:|a=/), "an address or a description was told");
  return { code: bobs.verdict?.code, side: bobs.verdict?.side };
}

/** Runs in the page: what a party reads of a call, with a token of its own. */
async function readCall({ number, callId }: { number: string; callId: string }): Promise<Read> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  const keep = globalThis as { token?: string };
  if (keep.token === undefined) {
    const body = JSON.stringify({ phone: number });
    const registered = await fetch("/api/auth/register", { method: "POST", headers, body });
    keep.token = ((await registered.json()) as { token: string }).token;
  }
  headers.authorization = `Bearer ${keep.token}`;
  return (await fetch(`/api/stats/${number}/calls/${callId}`, { headers })).json() as Promise<Read>;
}

describe("why a call between two networks failed, by the real fault", { skip: missing, timeout: 150_000 }, () => {
  it("turn_missing: there is no relay", async (t) => {
    const networks = await TwoNetworks.create(t);
    await networks.separate();
    const world = await apart(t, {}, networks);
    assert.deepEqual(await failedCall(world), { code: "turn_missing", side: undefined });
  });

  it("turn_unreachable: nothing listens where the relay should be", async (t) => {
    const networks = await TwoNetworks.create(t);
    await networks.separate();
    const turn = { TURN_URLS: `turn:${networks.router.address}:3499`, ECHOO_TURN_SECRET: secret };
    const { code } = await failedCall(await apart(t, turn, networks));
    assert.equal(code, "turn_unreachable");
  });

  it("turn_refused: the relay and the server have different secrets", async (t) => {
    const networks = await TwoNetworks.create(t);
    await networks.separate();
    const { router } = networks;
    const coturn = await startCoturn({
      secrets: ["another-secret-that-nobody-told-0002"],
      address: router.address,
      prefix: router.prefix,
      test: t,
    });
    const { code } = await failedCall(await apart(t, { TURN_URLS: coturn.url, ECHOO_TURN_SECRET: secret }, networks));
    assert.equal(code, "turn_refused");
  });

  it("relay_dead: the relay's own ports are closed", async (t) => {
    const networks = await TwoNetworks.create(t);
    await networks.separate();
    const { router } = networks;
    const onRouter = (line: string) => run("ip", ["netns", "exec", router.namespace, "nft", line]);
    await onRouter("add table inet relay");
    await onRouter("add chain inet relay input { type filter hook input priority 0; }");
    await onRouter("add rule inet relay input udp dport 20000-23999 drop");
    const coturn = await startCoturn({ secrets: [secret], address: router.address, prefix: router.prefix, test: t });
    const turn = { TURN_URLS: coturn.url, ECHOO_TURN_SECRET: secret };
    const { code } = await failedCall(await apart(t, turn, networks));
    assert.equal(code, "relay_dead");
  });

  it("network_lost: nothing passes any more while both sockets stay", async (t) => {
    const networks = await TwoNetworks.create(t);
    const world = await apart(t, {}, networks);
    const { annPage, bobPage, server } = world;
    const callId = await annPage.evaluate(async (number) => {
      const call = await sdk.client("ann").call(number, { video: false });
      await sdk.inState("ann", "connected");
      await sdk.flows("ann", "audio");
      return call.id;
    }, bobNumber);
    await networks.separate();
    // The user waits for a while, and gives up.
    await annPage.evaluate(async () => {
      await sdk.inState("ann", "reconnecting");
      await new Promise((resolve) => setTimeout(resolve, 7_000));
      sdk.call("ann").hangUp();
    });
    const { code } = await verdictOf(server, callId, annPage, bobPage);
    assert.equal(code, "network_lost");
  });
});
