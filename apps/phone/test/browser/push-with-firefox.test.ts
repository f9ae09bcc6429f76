import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import {
  AutopushService,
  CurrentPeer,
  Firefox,
  fakeOffer,
  requireService,
  type ServerProcess,
  spawnServer,
  startTogether,
} from "@echoo/testkit";
import { FirefoxVisitor } from "./firefox-visitor.ts";

/**
 * A real browser, its own push service between it and the server (`dom.push.serverURL`), and its own decryption: nothing
 * that is pushed here is read by the test. Firefox without a display shows no notifications, so what is seen of one is
 * that its worker says that it rings; what a click does is tried in Chromium.
 */
describe("a Firefox whose page is closed", { skip: requireService("firefox") }, () => {
  let server: ServerProcess;
  let service: AutopushService;
  let browser: Firefox;

  before(async () => {
    [server, service] = await startTogether([
      spawnServer({ env: { ECHOO_RING_MS: "40000" } }),
      AutopushService.start(),
    ]);
    browser = await Firefox.launch(service.preferences);
  });
  after(async () => {
    await browser?.close();
    await service?.close();
    await server?.stop();
  });

  it("is woken through its own push service, and the caller hears that it rings", async () => {
    const bob = await FirefoxVisitor.signedIn(browser, { phone: "5559901", name: "Bob", url: server.url, alone: true });
    await bob.goto(`${server.url}/#/devices`);
    await bob.click("notifications-on");
    await bob.reads("notifications-state", "This browser rings although the page is closed.");
    await bob.goto("about:blank");
    const ann = await CurrentPeer.connect(server.wsUrl, { userId: "5559902" });
    const callId = randomUUID();
    ann.send({ type: "offer", to: "5559901", callId, sdp: fakeOffer(3).sdp });
    await ann.next("calling");
    await ann.next("ringing");
    assert.equal(service.delivered, 1);
    ann.send({ type: "hangup", callId });
    ann.terminate();
  });
});
