import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { launchChromium, requireService, shareChromium, spawnServer, startTogether } from "@echoo/testkit";
import { Visitor } from "./visitor.ts";

describe("devices", { skip: requireService("chromium") }, () => {
  it("without a camera a video call becomes one with sound alone", async (t) => {
    const { ann, bob } = await twoPeople(t, ["--use-fake-device-for-media-stream=device-count=0"]);
    await ann.call(bob.phone);
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
    await bob.page.getByText("Ann's camera is off").waitFor();
    await ann.seesMoving();
  });

  it("a browser that may not use them says so, and what to do", async (t) => {
    const { ann, bob } = await twoPeople(t, ["--use-fake-ui-for-media-stream=deny"]);
    await ann.call(bob.phone);
    await ann.at("end-reason").getByText("Allow both in the address bar").waitFor();
    await ann.reads("call-state", "ended");
    await ann.at("call-close").click();
    await bob.call(ann.phone);
    await ann.at("accept").click();
    await ann.at("end-reason").getByText("Allow both in the address bar").waitFor();
    await bob.reads("call-state", "ended");
  });

  it("a screen can be shared and taken back", async (t) => {
    const { ann, bob } = await twoPeople(t, []);
    await ann.call(bob.phone);
    await bob.at("accept").click();
    await ann.reads("call-state", "connected");
    await ann.at("screen").click();
    await bob.page.getByText("Ann is sharing a screen").waitFor();
    await bob.seesMoving();
    await ann.at("screen").click();
    await bob.page.getByText("Ann is sharing a screen").waitFor({ state: "detached" });
  });

  it("a page that was not opened securely says so, and where to go", async (t) => {
    const server = await spawnServer({ env: { ECHOO_HOSTS: "phone.test", ECHOO_DEV_HTTPS_PORT: "0" }, test: t });
    const browser = await launchChromium(["--host-resolver-rules=MAP phone.test 127.0.0.1"]);
    t.after(() => browser.close());
    const url = `http://phone.test:${server.port}`;
    const me = await Visitor.open(browser, { phone: "5550401", name: "Ann", url });
    await me.page.getByText("This page has no camera or microphone").waitFor();
    const link = me.page.getByRole("link", { name: /^https:/ });
    const { httpsPort } = (await (await fetch(`${server.url}/api/health`)).json()) as { httpsPort: number };
    assert.equal(await link.getAttribute("href"), `https://phone.test:${httpsPort}/`);
    assert.deepEqual(me.complaints, []);
  });

  it("where the server has no secure address the page says whom to ask", async (t) => {
    const server = await spawnServer({ env: { ECHOO_HOSTS: "phone.test" }, test: t });
    const browser = await launchChromium(["--host-resolver-rules=MAP phone.test 127.0.0.1"]);
    t.after(() => browser.close());
    const me = await Visitor.open(browser, { phone: "5550403", name: "Ann", url: `http://phone.test:${server.port}` });
    await me.page.getByText("ask whoever runs it").waitFor();
    assert.equal(await me.page.getByRole("link", { name: /^https:/ }).count(), 0);
  });
});

describe("the echo", { skip: requireService("chromium") }, () => {
  it("shows oneself, answers the chat, and tells the server nothing", async (t) => {
    const [server, browser] = await startTogether([spawnServer({ test: t }), shareChromium()]);
    t.after(() => browser.close());
    const me = await Visitor.open(browser, { phone: "5550402", name: "Ann", url: server.url });
    const sent: string[] = [];
    me.page.on("websocket", (socket) => {
      socket.on("framesent", ({ payload }) => sent.push((JSON.parse(String(payload)) as { type: string }).type));
    });
    await me.signIn();
    const before = sent.length;
    await me.at("call-echo").filter({ visible: true }).click();
    await me.reads("call-state", "connected");
    await me.seesMoving();
    await me.at("chat").click();
    await me.at("chat-input").fill("Hello?");
    await me.at("chat-send").click();
    await me.at("chat-log").getByText("Hello?").nth(1).waitFor();
    await me.at("quality").getByText(/^Good/).waitFor();
    await me.at("hangup").click();
    await me.reads("call-state", "ended");
    assert.deepEqual(
      sent.slice(before).filter((type) => type !== "ping"),
      [],
    );
    assert.deepEqual(me.complaints, []);
  });
});

/** Ann at a browser with these flags, and Bob at one that has everything. */
async function twoPeople(t: TestContext, flags: readonly string[]) {
  const [server, hers, his] = await startTogether([
    spawnServer({ test: t }),
    flags.length > 0 ? launchChromium(flags) : shareChromium(),
    shareChromium(),
  ]);
  t.after(() => Promise.all([hers.close(), his.close()]));
  const { url } = server;
  const [ann, bob] = await Promise.all([
    Visitor.signedIn(hers, { phone: "5550501", name: "Ann", url }),
    Visitor.signedIn(his, { phone: "5550502", name: "Bob", url }),
  ]);
  return { ann, bob };
}
