import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { after, before, describe, it } from "node:test";
import { launchChromium, requireService, type ServerProcess, spawnServer, startTogether } from "@echoo/testkit";
import type { Browser } from "playwright-core";
import { Visitor } from "./visitor.ts";

/** An address of this machine that is not loopback; where there is none, a name that the browser takes for one. */
const ownAddress = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;
const host = ownAddress ?? "phone.test";

describe("the phone from another machine's view", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: Browser;

  before(async () => {
    // Whoever reaches the address gets in: which networks do is no matter of this test.
    const env = { HOST: "0.0.0.0", ECHOO_OPEN_ACCESS: "all", ECHOO_HOSTS: "phone.test", ECHOO_DEV_HTTPS_PORT: "0" };
    const flags = ["--host-resolver-rules=MAP phone.test 127.0.0.1", "--ignore-certificate-errors"];
    [server, browser] = await startTogether([spawnServer({ env }), launchChromium(flags)]);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("is no blank page over plain HTTP, and leads to the page that has a camera", async () => {
    const me = await Visitor.open(browser, { phone: "5550601", name: "Ann", url: `http://${host}:${server.port}` });
    await me.at("phone-input").waitFor();
    assert.equal(await me.page.evaluate(() => window.isSecureContext), false);
    const link = me.page.getByRole("link", { name: /^https:/ });
    await link.click();
    await me.page.waitForURL(/^https:/);
    assert.equal(new URL(me.page.url()).hostname, host);
    assert.equal(await me.page.evaluate(() => window.isSecureContext && "mediaDevices" in navigator), true);
    assert.deepEqual(me.complaints, []);
    await me.close();
  });

  it("of a server without HTTPS asks for an address, and speaks of no certificate", async (t) => {
    const env = { HOST: "0.0.0.0", ECHOO_OPEN_ACCESS: "all", ECHOO_HOSTS: "phone.test", ECHOO_DEV_HTTPS_PORT: "off" };
    const plain = await spawnServer({ env, test: t });
    const me = await Visitor.open(browser, { phone: "5550605", name: "Cem", url: `http://${host}:${plain.port}` });
    await me.page.getByText("ask whoever runs it").waitFor();
    assert.doesNotMatch(await me.page.locator("section.note").innerText(), /certificate/);
    await me.close();
  });

  it("over HTTPS signs in, and sees and hears itself at echo", async () => {
    const { httpsPort } = (await (await fetch(`${server.url}/api/health`)).json()) as { httpsPort: number };
    const url = `https://${host}:${httpsPort}`;
    const me = await Visitor.signedIn(browser, { phone: "5550602", name: "Bob", url });
    const kinds = await me.page.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
      return stream
        .getTracks()
        .map((track) => track.kind)
        .sort();
    });
    assert.deepEqual(kinds, ["audio", "video"]);
    await me.call("echo");
    await me.reads("call-state", "connected");
    await me.seesMoving();
    await me.at("hangup").click();
    await me.reads("call-state", "ended");
    assert.deepEqual(me.complaints, []);
    await me.close();
  });

  it("over HTTPS hears somebody who is on plain HTTP at the machine itself", async () => {
    const { httpsPort } = (await (await fetch(`${server.url}/api/health`)).json()) as { httpsPort: number };
    const [here, there] = await Promise.all([
      Visitor.signedIn(browser, { phone: "5550603", name: "Ann", url: server.url }),
      Visitor.signedIn(browser, { phone: "5550604", name: "Bob", url: `https://${host}:${httpsPort}` }),
    ]);
    await here.call(there.phone);
    await there.at("accept").click();
    await Promise.all([here.reads("call-state", "connected"), there.reads("call-state", "connected")]);
    await Promise.all([here.seesMoving(), there.seesMoving()]);
    assert.deepEqual([...here.complaints, ...there.complaints], []);
    await Promise.all([here.close(), there.close()]);
  });
});
