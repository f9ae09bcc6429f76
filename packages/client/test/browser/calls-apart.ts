import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { launchChromium, type ServerProcess, spawnServer, type TwoNetworks } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openSdkPage } from "./sdk-page.ts";

export const turnSecret = "the-secret-that-both-know-0001";
const [annNumber, bobNumber] = ["5590001", "5590002"];

/** Two people in networks of their own, and the server that both reach. */
export interface PeopleApart {
  readonly server: ServerProcess;
  readonly annPage: Page;
  readonly bobPage: Page;
}

/** A browser in each network, both online; Bob answers whatever rings. */
export async function peopleApart(
  t: TestContext,
  networks: TwoNetworks,
  env: Readonly<Record<string, string>> = {},
): Promise<PeopleApart> {
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
  return { server, annPage, bobPage };
}

/** Ann calls Bob, and neither hangs up: the call ends because no path is found. Tells its id. */
export function callWithoutPath({ annPage }: PeopleApart): Promise<string> {
  return annPage.evaluate(async (number) => {
    const call = await sdk.client("ann").call(number, { video: false });
    if (call.state !== "ended") await new Promise<void>((resolve) => call.on("ended", () => resolve()));
    return call.id;
  }, bobNumber);
}

/** Ann calls Bob and hears him. Tells the call's id. */
export function callThatFlows({ annPage }: PeopleApart): Promise<string> {
  return annPage.evaluate(async (number) => {
    const call = await sdk.client("ann").call(number, { video: false });
    await sdk.inState("ann", "connected");
    await sdk.flows("ann", "audio");
    return call.id;
  }, bobNumber);
}

interface Read {
  readonly verdict?: { readonly code: string; readonly side?: string };
  readonly sides?: readonly { readonly report?: { readonly events: readonly { readonly kind: string }[] } }[];
}

/** Both parties read this verdict, once they have told all they know; and neither reads an address or a description. */
export async function bothRead(people: PeopleApart, callId: string, code: string): Promise<void> {
  const { server, annPage, bobPage } = people;
  const isWhole = ({ verdict, sides = [] }: Read) =>
    verdict?.code === code && sides.some(({ report }) => report?.events.some(({ kind }) => kind === "end") === true);
  for (const { page, number } of [
    { page: annPage, number: annNumber },
    { page: bobPage, number: bobNumber },
  ]) {
    const read = await server.stored(() => page.evaluate(readCall, { number, callId }), isWhole);
    assert.doesNotMatch(JSON.stringify(read.sides), /10\.213\.|candidate:|a=/);
  }
  assert.deepEqual(server.faults(), []);
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
