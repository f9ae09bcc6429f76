import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { EchooRest } from "@echoo/client";
import { launchChromium, requireService, type ServerProcess, spawnServer, startTogether } from "@echoo/testkit";
import type { Browser } from "playwright-core";
import { adminPhone, becomeAdministrator, Operator } from "./operator.ts";

/** `ECHOO_PICTURES=docs/pictures` renews the pictures of the guide; without it none is taken. */
const { ECHOO_PICTURES: wanted } = process.env;
const folder = wanted && fileURLToPath(new URL(`../../../../${wanted}/`, import.meta.url));

const ann = "+15550901";
const bob = "+15550902";

describe("the dashboard", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let session: { phone: string; name: string; token: string };

  before(async () => {
    if (folder) mkdirSync(folder, { recursive: true });
    const env = { NODE_ENV: "production", ECHOO_PROOF: "invite", ECHOO_PUBLIC_URL: "" };
    [server, browser] = await startTogether([spawnServer({ env }), launchChromium()]);
    session = { phone: adminPhone, name: "Ada Admin", token: await becomeAdministrator(server) };
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const rest = (token: string) => new EchooRest({ baseUrl: server.url, token });

  /** Signs a user in by an invitation of the administrator's. */
  async function person(phone: string, displayName: string): Promise<string> {
    const { invite } = await rest(session.token).createInvitation({ body: { phone, displayName } });
    const done = await new EchooRest({ baseUrl: server.url }).register({ body: { phone, invite, device: "laptop" } });
    assert.ok("token" in done);
    return done.token;
  }

  async function pictured(operator: Operator, name: string): Promise<void> {
    if (folder) await operator.page.screenshot({ path: `${folder}dashboard-${name}.png` });
  }

  it("says in every view what to do while there is nothing to show", async () => {
    const me = await Operator.open(browser, { url: server.url, session });
    await me.at("now").waitFor();
    await me.at("now").getByText("Place one from the phone's page").waitFor();
    await me.isSound("now, empty");
    await me.at("view-calls").click();
    await me.at("empty").getByText("There is no call yet").waitFor();
    await me.isSound("calls, empty");
    await me.goes("#/calls?reason=busy");
    await me.at("empty").getByText("Widen the time").waitFor();
    await me.goes("#/people?only=suspended");
    await me.at("empty").getByText("Nobody matches").waitFor();
    assert.deepEqual(me.elsewhere, []);
    await me.close();
  });

  it("shows others nothing but how an administrator comes to be", async () => {
    const token = await person(bob, "Bob Brown");
    const asked: string[] = [];
    const me = await Operator.open(browser, { url: server.url, session: { phone: bob, name: "Bob", token } });
    await me.at("not-admin").waitFor();
    await me.at("not-admin").getByText(`npx echoo invite ${bob} --admin`).waitFor();
    assert.equal(await me.page.getByRole("navigation").count(), 0);
    me.page.on("response", (response) => void (response.ok() && asked.push(response.url())));
    await me.goes("#/people");
    assert.deepEqual(asked, []);
    await me.isSound("not an administrator");
    await me.close();
  });

  it("signs in as the phone does, by the keyboard alone, and leads through its views by it", async () => {
    const { invite } = await rest(session.token).createInvitation({ body: { phone: adminPhone } });
    const me = await Operator.open(browser, { url: server.url });
    await me.at("sign-in-page").waitFor();
    await me.isSound("signing in");
    const { keyboard } = me.page;
    await keyboard.press("Tab");
    await keyboard.type(adminPhone);
    await keyboard.press("Tab");
    await keyboard.type(invite);
    await keyboard.press("Enter");
    await me.at("now").waitFor();
    for (const view of ["calls", "people", "quality", "settings", "audit"]) {
      await me.at(`view-${view}`).focus();
      await keyboard.press("Enter");
      await me.at(`shown-${view}`).waitFor();
      assert.equal(await me.at(`view-${view}`).getAttribute("aria-current"), "page");
    }
    await me.at("audit-row").first().waitFor();
    await me.close();
  });

  it("suspends, signs out, invites and erases, each in the audit log", async () => {
    await person(ann, "Ann Arbor");
    const me = await Operator.open(browser, { url: server.url, session });
    await me.at("view-people").click();
    await me.at("filter-search").fill("arbor");
    await me.at("search").click();
    await me.at("person-row").getByRole("link", { name: ann }).click();
    await me.at("token-row").waitFor();
    await me.isSound("one person");
    await me.at("toggle-suspended").click();
    await me.page.getByText("Lift the suspension").waitFor();
    assert.equal(await me.at("token-row").count(), 0);
    await me.at("toggle-admin").click();
    await me.at("error").getByText("lift the suspension first").waitFor();
    await me.at("toggle-suspended").click();
    await me.page.getByRole("button", { name: "Suspend" }).waitFor();
    await me.at("erase-number").fill("+15550999");
    await me.at("erase").click();
    await me.at("error").waitFor();
    await me.at("erase-number").fill(ann);
    await me.at("erase").click();
    await me.at("shown-people").waitFor();
    await me.goes("#/people");
    await me.at("invite-phone").fill("+15550903");
    await me.at("invite").click();
    await me.at("invite-link").waitFor();
    await me.goes("#/audit");
    const rows = me.at("audit-row");
    for (const event of ["admin_suspended", "admin_unsuspended", "admin_erased_account", "invitation_made"]) {
      await rows.filter({ hasText: event }).first().waitFor();
    }
    await me.isSound("the audit log");
    await me.close();
  });

  for (const theme of ["light", "dark"] as const) {
    for (const width of [360, 1440, 2560]) {
      it(`has no barrier and fits in ${theme} at ${width} px`, async () => {
        await seedCalls();
        const me = await Operator.open(browser, { url: server.url, session, width, theme });
        await me.at("now").waitFor();
        await me.isSound(`now, ${theme}, ${width}`);
        await pictured(me, `now-${theme}-${width}`);
        await me.goes("#/calls?order=worst");
        await me.at("call-row").first().waitFor();
        await me.isSound(`calls, ${theme}, ${width}`);
        await pictured(me, `calls-${theme}-${width}`);
        await me.at("call-row").first().getByRole("link").click();
        await me.at("side-caller").locator("canvas").first().waitFor();
        await me.isSound(`one call, ${theme}, ${width}`);
        await pictured(me, `call-${theme}-${width}`);
        await me.goes("#/people");
        await me.at("person-row").first().waitFor();
        await me.isSound(`people, ${theme}, ${width}`);
        await pictured(me, `people-${theme}-${width}`);
        await me.goes("#/quality?by=network");
        await me.at("shown-quality").getByRole("heading").waitFor();
        await me.at("empty").or(me.at("quality-shown")).waitFor();
        await me.isSound(`quality, ${theme}, ${width}`);
        await me.goes("#/settings");
        await me.at("setting").first().waitFor();
        await pictured(me, `settings-${theme}-${width}`);
        await me.isSound(`settings, ${theme}, ${width}`);
        await me.close();
      });
    }
  }

  it("loses its live view with its token, and asks to sign in", async () => {
    const { invite } = await rest(session.token).createInvitation({ body: { phone: adminPhone } });
    const done = await new EchooRest({ baseUrl: server.url }).register({ body: { phone: adminPhone, invite } });
    assert.ok("token" in done);
    const me = await Operator.open(browser, { url: server.url, session: { ...session, token: done.token } });
    await me.at("now").waitFor();
    await rest(done.token).logout();
    await me.at("lost").waitFor();
    await me.page.reload();
    await me.at("sign-in-page").waitFor();
    await me.close();
  });

  let isSeeded = false;

  /** Two calls that clients tell of, with what both sides measured. */
  async function seedCalls(): Promise<void> {
    if (isSeeded) return;
    isSeeded = true;
    const token = await person("+15550904", "Cleo Carter");
    const theirs = rest(token);
    const nowMs = Date.now();
    for (const [n, reason] of (["hangup", "connection_lost", "no_answer"] as const).entries()) {
      const startTime = nowMs - (n + 1) * 600_000;
      const isAnswered = reason !== "no_answer";
      const { call } = await theirs.saveCall({
        body: {
          caller: "+15550904",
          callee: bob,
          isVideo: true,
          startTime,
          ...(isAnswered ? { answeredAt: startTime + 4_000, duration: 120 } : {}),
          status: isAnswered ? "completed" : "missed",
          endReason: reason,
        },
      });
      if (!isAnswered) continue;
      const samples = Array.from({ length: 60 }, (_, at) => ({
        t: startTime + 4_000 + at * 2_000,
        rttMs: 60 + 20 * Math.sin(at / 5) + n * 200,
        jitterMs: 8 + (at % 7),
        lossPercent: n * 6 + (at % 5) / 5,
        recvKbps: 900 - 10 * (at % 20),
        fps: 30 - (at % 3),
      }));
      await theirs.uploadSamples({ params: { callId: call.callId }, body: { samples } });
    }
  }
});
