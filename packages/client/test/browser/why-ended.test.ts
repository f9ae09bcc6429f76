import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireService } from "@echoo/testkit";
import { answersAll, numbers, sideBySide, talkFor, verdictFor } from "./calls-side-by-side.ts";

const missing = requireService("chromium");

describe("why a call ended, by the real thing in two browsers", { skip: missing, timeout: 150_000 }, () => {
  it("permission_denied: the callee's browser may not use the microphone, and the caller hears nothing of that", async (t) => {
    const { server, annPage, bobPage } = await sideBySide(t, { bobFlags: ["--use-fake-ui-for-media-stream=deny"] });
    await bobPage.evaluate(() => {
      const refused = new Promise<string>((resolve) => {
        sdk.client("bob").on("incoming", (call) => {
          call.answer().catch((error: { code: string }) => resolve(error.code));
        });
      });
      Object.assign(globalThis, { refused });
    });
    const callId = await annPage.evaluate(
      async (number) => (await sdk.client("ann").call(number, { video: false })).id,
      numbers.bob,
    );
    const code = await bobPage.evaluate(() => (globalThis as unknown as { refused: Promise<string> }).refused);
    assert.equal(code, "media_denied");
    await annPage.evaluate(() => sdk.call("ann").hangUp());
    assert.equal((await verdictFor(server, "bob", callId, "permission_denied"))?.side, "callee");
    await verdictFor(server, "ann", callId, "cancelled");
  });

  it("signaling_lost: the callee's browser was killed, and did not come back", async (t) => {
    const { server, annPage, bobPage } = await sideBySide(t, { env: { ECHOO_RESUME_MS: "3000" } });
    await answersAll(bobPage);
    const callId = await annPage.evaluate(async (number) => {
      const call = await sdk.client("ann").call(number, { video: false });
      await sdk.inState("ann", "connected");
      return call.id;
    }, numbers.bob);
    await bobPage.context().browser()?.close();
    await verdictFor(server, "ann", callId, "signaling_lost");
  });

  it("good: nothing was wrong", async (t) => {
    const { server, annPage, bobPage } = await sideBySide(t);
    await answersAll(bobPage);
    await verdictFor(server, "ann", await talkFor(annPage, 8), "good");
  });
});
