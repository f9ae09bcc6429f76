import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { launchChromium, requireNetworks, requireService, spawnServer, startCoturn, TwoNetworks } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openSdkPage } from "./sdk-page.ts";

const secret = "the-secret-that-both-know-0001";
const someMediaBytes = 20_000;
const probePort = 4_000;
const missing = requireService("chromium") || requireService("coturn") || (await requireNetworks());

describe("two browsers in networks that cannot reach each other", { skip: missing, timeout: 120_000 }, () => {
  it("talk through coturn, and by no other way", async (t) => {
    const networks = await TwoNetworks.create(t);
    const { router, ann, bob } = networks;
    const listener = await listening(bob.prefix);
    t.after(async () => void listener.kill("SIGKILL"));
    assert.equal(await reaches(ann.prefix, bob.address), true, "the router forwards");
    await networks.separate();
    assert.equal(await reaches(ann.prefix, bob.address), false, "the router forwards no more");

    const coturn = await startCoturn({ secrets: [secret], address: router.address, prefix: router.prefix, test: t });
    const server = await spawnServer({
      env: { HOST: "0.0.0.0", ECHOO_OPEN_ACCESS: "all", TURN_URLS: coturn.url, ECHOO_TURN_SECRET: secret },
      prefix: router.prefix,
      test: t,
    });
    const origin = `http://${router.address}:${server.port}`;
    const [annPage, bobPage] = await Promise.all([ann, bob].map((home) => pageIn(t, home.prefix, origin)));
    assert.ok(annPage && bobPage);
    const before = await networks.turnedAway();
    const pairs = await talk(annPage, bobPage, `ws://${router.address}:${server.port}/ws`);
    assert.ok(pairs.includes("relay"), String(pairs));
    assert.ok((await networks.turnedAway()) > before, "the browsers tried each other's addresses");
    assert.equal(await reaches(ann.prefix, bob.address), false, "and still could not have");
    // coturn counts what it has relayed when an allocation ends, and a browser that hangs up ends its own.
    await annPage.evaluate(() => sdk.call("ann").hangUp());
    const relayed = () => coturn.usage().filter((one) => Math.min(one.receivedBytes, one.sentBytes) > someMediaBytes);
    await coturn.until(() => relayed().length > 0, "that media went through it in both directions");
    assert.deepEqual(server.faults(), []);
  });
});

/** A page with the SDK, in a browser that runs in one of the networks. */
async function pageIn(t: { after(run: () => Promise<void>): void }, prefix: readonly string[], origin: string) {
  // Browsers open cameras on secure pages alone, and this network has no certificates.
  const browser = await launchChromium([`--unsafely-treat-insecure-origin-as-secure=${origin}`], prefix);
  t.after(() => browser.close());
  const page = await browser.newPage();
  await openSdkPage(page, origin);
  return page;
}

/** A video call until both sides have decoded pictures of the other; tells each side's path. */
async function talk(annPage: Page, bobPage: Page, url: string): Promise<(string | undefined)[]> {
  const [annNumber, bobNumber] = ["5580001", "5580002"];
  await Promise.all([
    annPage.evaluate(({ url, annNumber }) => sdk.join("ann", url, annNumber), { url, annNumber }),
    bobPage.evaluate(
      async ({ url, bobNumber }) => {
        await sdk.join("bob", url, bobNumber);
        sdk.client("bob").on("incoming", (call) => void call.answer());
      },
      { url, bobNumber },
    ),
  ]);
  await annPage.evaluate(async (number) => void (await sdk.client("ann").call(number, { video: true })), bobNumber);
  return Promise.all([annPage.evaluate(pathOf, "ann" as const), bobPage.evaluate(pathOf, "bob" as const)]);
}

/** Runs in the page. */
async function pathOf(name: "ann" | "bob"): Promise<string | undefined> {
  await sdk.inState(name, "connected");
  while (sdk.call(name).samples.length < 2) await sdk.flows(name, "video");
  return sdk.call(name).samples.at(-1)?.pair;
}

async function listening(prefix: readonly string[]): Promise<ChildProcess> {
  const script = `require("node:net").createServer((socket) => socket.end()).listen(${probePort}, () => console.log("up"))`;
  const child = runIn(prefix, script);
  await once(child.stdout, "data");
  return child;
}

/** Whether a connection can be made from there to that address. */
async function reaches(prefix: readonly string[], address: string): Promise<boolean> {
  const script = `require("node:net").connect(${probePort}, "${address}", () => process.exit(0)).on("error", () => process.exit(7))`;
  const [code] = (await once(runIn(prefix, script), "exit")) as [number];
  assert.ok(code === 0 || code === 7, `the probe ended with ${code}`);
  return code === 0;
}

function runIn(prefix: readonly string[], script: string) {
  const [command = "", ...args] = [...prefix, process.execPath, "-e", script];
  return spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
}
