import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireService } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openPlace } from "./place.ts";
import { Visitor } from "./visitor.ts";

describe("tabs of one browser", { skip: requireService("chromium") }, () => {
  const place = openPlace(5_590_000);
  let numbers = 5_590_000;

  const signedIn = (name: string) => {
    numbers += 1;
    return Visitor.signedIn(place.browser, { phone: String(numbers), name, url: place.server.url });
  };

  it("follow who signs out and in at one of them", async () => {
    const ann = await signedIn("Ann");
    const tab = await ann.anotherTab();
    await tab.reads("status", "online");
    await signOut(tab);
    await ann.at("phone-input").waitFor();

    const carl = { phone: "5599001", name: "Carl" };
    await signInAs(tab, carl);
    await ann.reads("status", "online");
    await ann.page.getByText(carl.phone).first().waitFor();
    assert.equal(await keptPhone(ann.page), carl.phone);
    await ann.close();
  });

  it("leave what belongs to the user who signed in meanwhile, also where a call has kept them from following", async () => {
    const [ann, dave] = [await signedIn("Ann"), await signedIn("Dave")];
    const tab = await ann.anotherTab();
    await tab.reads("status", "online");
    await ann.call(dave.phone, "audio");
    await dave.at("accept").click();
    await ann.reads("call-state", "connected");

    // Ann's token ends, and with it her call; by then the browser is Carl's.
    await signOut(tab);
    const carl = { phone: "5599002", name: "Carl" };
    await signInAs(tab, carl);
    await dave.reads("call-state", "ended");
    assert.equal(await keptPhone(ann.page), carl.phone);
    await ann.page.reload();
    await ann.page.getByText(carl.phone).first().waitFor();
    await ann.reads("status", "online");
    assert.equal(await keptPhone(tab.page), carl.phone);
    await Promise.all([ann.close(), dave.close()]);
  });

  it("ask before they leave a call, and not otherwise", async () => {
    const [ann, bob] = [await signedIn("Ann"), await signedIn("Bob")];
    const asked: string[] = [];
    ann.page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await ann.page.reload();
    await ann.reads("status", "online");
    assert.deepEqual(asked, []);

    await ann.call(bob.phone, "audio");
    await bob.at("accept").click();
    await ann.reads("call-state", "connected");
    await ann.page.reload();
    assert.deepEqual(asked, ["beforeunload"]);
    await ann.reads("call-state", "connected");
    await ann.at("hangup").click();
    await ann.reads("call-state", "ended");
    await ann.page.reload();
    await ann.reads("status", "online");
    assert.deepEqual(asked, ["beforeunload"]);
    await Promise.all([ann.close(), bob.close()]);
  });

  it("are a device each, a duplicate included, and remain so over a reload", async () => {
    const ann = await signedIn("Ann");
    const first = await deviceOf(ann);
    const [duplicate] = await Promise.all([
      ann.page.context().waitForEvent("page"),
      // A page that another opens begins with a copy of its sessionStorage, as a duplicated tab does.
      ann.page.evaluate(() => void open(location.href)),
    ]);
    await duplicate.getByTestId("status").getByText("online").waitFor();
    const second = await deviceOf({ page: duplicate, phone: ann.phone }, first);
    assert.notEqual(second, first);

    await Promise.all([ann.page.reload(), duplicate.reload()]);
    await ann.reads("status", "online");
    await duplicate.getByTestId("status").getByText("online").waitFor();
    assert.equal(await deviceOf(ann), first);
    assert.equal(await deviceOf({ page: duplicate, phone: ann.phone }), second);
    await ann.close();
  });
});

async function signOut({ page }: Visitor): Promise<void> {
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByTestId("sign-out").click();
  await page.getByTestId("phone-input").waitFor();
}

async function signInAs(tab: Visitor, { phone, name }: { readonly phone: string; readonly name: string }) {
  await tab.at("phone-input").fill(phone);
  await tab.at("name-input").fill(name);
  await tab.at("sign-in").click();
  await tab.reads("status", "online");
}

/** Whose session the browser keeps. */
function keptPhone(page: Page): Promise<string | undefined> {
  return page.evaluate(() => (JSON.parse(localStorage.getItem("echoo.session") ?? "{}") as { phone?: string }).phone);
}

/** As which device the tab has joined, once it is another than `not`. */
async function deviceOf({ page, phone }: Pick<Visitor, "page" | "phone">, not?: string): Promise<string> {
  const handle = await page.waitForFunction(
    ([key, former]) => {
      const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}") as { deviceId?: string; session?: string };
      return kept.session !== undefined && kept.deviceId !== former ? kept.deviceId : undefined;
    },
    [`echoo.tab.${phone}`, not] as const,
  );
  return String(await handle.jsonValue());
}
