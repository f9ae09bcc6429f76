import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launchChromium, requireService, type ServerProcess, spawnServer, startTogether } from "@echoo/testkit";
import type { Browser } from "playwright-core";
import { Visitor } from "./visitor.ts";

const couldNotBeTaken = "could not take the call just then, perhaps because of another one.";

describe("a call where there is no microphone", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let insecureUrl: string;
  let numbers = 5_550_800;

  before(async () => {
    // A name that leads to this machine as another machine's address does: the browser takes it for no secure place.
    const env = { ECHOO_HOSTS: "phone.test", ECHOO_DEV_HTTPS_PORT: "0" };
    const flags = ["--host-resolver-rules=MAP phone.test 127.0.0.1", "--ignore-certificate-errors"];
    [server, browser] = await startTogether([spawnServer({ env }), launchChromium(flags)]);
    insecureUrl = `http://phone.test:${server.port}`;
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const somebody = (name: string, url: string, phone = String(numbers++)) =>
    Visitor.signedIn(browser, { phone, name, url });

  it("rings, says at once that it cannot be answered and where it can, and rings there as well", async () => {
    const [ann, bob] = await Promise.all([somebody("Ann", server.url), somebody("Bob", insecureUrl)]);
    await ann.call(bob.phone);
    await bob.at("incoming").getByText("you cannot answer here").waitFor();
    await bob
      .at("incoming")
      .getByRole("link", { name: /^https:/ })
      .click();
    await bob.page.waitForURL(/^https:/);
    await bob.signIn();
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
    await Promise.all([ann.seesMoving(), bob.seesMoving()]);
    await Promise.all([ann.close(), bob.close()]);
  });

  it("leaves nobody ringing when it is answered all the same, and tells both why it ended", async () => {
    const [ann, bob] = await Promise.all([somebody("Ann", server.url), somebody("Bob", insecureUrl)]);
    await ann.call(bob.phone);
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "ended"), bob.reads("call-state", "ended")]);
    await ann.at("end-reason").getByText(couldNotBeTaken).waitFor();
    await bob.at("end-reason").getByText("was not opened over HTTPS").waitFor();
    const secure = bob.page.locator(".call-end").getByRole("link", { name: /^https:\/\/phone\.test:/ });
    await secure.waitFor();
    assert.equal(await bob.at("call-again").count(), 0, "another call from this page would fail the same way");
    await bob.at("call-close").click();
    await bob.at("recent").getByText("Missed video call").waitFor();
    assert.deepEqual([...ann.complaints, ...bob.complaints], []);
    await Promise.all([ann.close(), bob.close()]);
  });

  it("stops on that device alone while another of the same person rings", async () => {
    const [ann, bob] = await Promise.all([somebody("Ann", server.url), somebody("Bob", insecureUrl)]);
    const laptop = await somebody("Bob", server.url, bob.phone);
    await ann.call(bob.phone);
    await laptop.at("incoming").waitFor();
    await bob.at("accept").click();
    await bob.at("end-reason").waitFor();
    await laptop.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), laptop.reads("call-state", "connected")]);
    await Promise.all([ann.seesMoving(), laptop.seesMoving()]);
    await Promise.all([ann.close(), bob.close(), laptop.close()]);
  });

  it("cannot be placed either, which says where it can be", async () => {
    const bob = await somebody("Bob", insecureUrl);
    await bob.call("5550899");
    await bob.at("end-reason").getByText("was not opened over HTTPS").waitFor();
    await bob.page
      .locator(".call-end")
      .getByRole("link", { name: /^https:/ })
      .waitFor();
    await bob.close();
  });

  it("is answered with sound alone where only the camera is refused", async () => {
    const [ann, bob] = await Promise.all([somebody("Ann", server.url), somebody("Bob", server.url)]);
    await bob.page.evaluate(() => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        if (wanted?.video) throw new DOMException("", "NotAllowedError");
        return open(wanted);
      };
    });
    await ann.call(bob.phone);
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
    await ann.page.getByText("Bob's camera is off").waitFor();
    await bob.seesMoving();
    await Promise.all([ann.close(), bob.close()]);
  });

  it("stops ringing for the caller where no microphone is found", async (t) => {
    const bare = await launchChromium(["--use-fake-device-for-media-stream=device-count=0"]);
    t.after(() => bare.close());
    const ann = await somebody("Ann", server.url);
    const bob = await Visitor.signedIn(bare, { phone: String(numbers++), name: "Bob", url: server.url });
    await bob.page.evaluate(() => {
      // The fake devices always have a microphone; this is the error of a machine without one.
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException("", "NotFoundError");
      };
    });
    await ann.call(bob.phone);
    await bob.at("accept").click();
    await bob.at("end-reason").getByText("No microphone was found. Connect one").waitFor();
    await ann.at("end-reason").getByText(couldNotBeTaken).waitFor();
    await Promise.all([ann.close(), bob.close()]);
  });
});
