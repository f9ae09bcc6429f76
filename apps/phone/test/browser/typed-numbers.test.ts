import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireService } from "@echoo/testkit";
import { openPlace } from "./place.ts";
import { Visitor } from "./visitor.ts";

const pasted = { "+49 170 0000018": "\u202a+49 170\u20110000018\u202c", "tel:": "tel:+49/170/0000018" };

describe("numbers and names as they are typed", { skip: requireService("chromium") }, () => {
  const place = openPlace(5_550_200);

  const signedIn = (phone: string, name: string) =>
    Visitor.signedIn(place.browser, { phone, name, url: place.server.url });

  async function addContact(owner: Visitor, phone: string, name: string): Promise<void> {
    const add = owner.at("add-contact");
    if ((await add.getAttribute("aria-expanded")) === "false") await add.click();
    await owner.at("contact-number").fill(phone);
    await owner.at("contact-name").fill(name);
    await owner.at("contact-save").click();
    await owner.at("contact-save").waitFor({ state: "detached" });
  }

  it("a pasted number signs in, is called and becomes a contact as the number that it is", async () => {
    const bob = await signedIn(pasted["tel:"], "Bob");
    const ann = await signedIn("5550201", "Ann");
    for (const text of Object.values(pasted)) {
      await ann.call(text, "audio");
      await bob.at("incoming").waitFor();
      await ann.at("hangup").click();
      await bob.at("incoming").waitFor({ state: "detached" });
      await ann.at("call-close").click();
    }
    await addContact(ann, pasted["+49 170 0000018"], "Bob");
    await ann.at("contact").getByText("+491700000018").waitFor();
    await Promise.all([ann.close(), bob.close()]);
  });

  it("what is no number says so at its field, and opens no call", async () => {
    const ann = await Visitor.open(place.browser, { phone: "hello", name: "Ann", url: place.server.url });
    await ann.at("phone-input").fill("hello");
    await ann.at("sign-in").click();
    await ann.at("error").getByText("3 to 15 digits").waitFor();
    assert.equal(await ann.at("phone-input").getAttribute("aria-invalid"), "true");
    await ann.at("phone-input").fill("5550202");
    await ann.at("sign-in").click();
    await ann.reads("status", "online");
    await ann.call("hello", "audio");
    await ann.at("error").getByText("“hello” is neither").waitFor();
    assert.equal(await ann.at("dial-input").getAttribute("aria-invalid"), "true");
    assert.equal(await ann.at("hangup").count(), 0);
    await ann.close();
  });

  it("a name that reads as a number is not who calls, and its number is told", async () => {
    const [eve, bob] = [await signedIn("5550203", "5550204"), await signedIn("5550205", "Bob")];
    await eve.call(bob.phone, "audio");
    await bob.at("incoming").waitFor();
    const words = await bob.at("incoming").innerText();
    assert.match(words, /5550203/);
    assert.doesNotMatch(words, /5550204/);
    assert.doesNotMatch(await bob.page.title(), /5550204/);
    await Promise.all([eve.close(), bob.close()]);
  });

  it("two contacts of one name: Enter asks which is meant, and what is chosen is not called yet", async () => {
    const ann = await signedIn("5550206", "Ann");
    await addContact(ann, "5550207", "Kim");
    await addContact(ann, "5550208", "Kim");
    await ann.at("dial-input").fill("kim");
    await ann.at("dial-input").press("Enter");
    await ann.at("error").getByText("Several of your contacts are called kim").waitFor();
    assert.equal(await ann.at("hangup").count(), 0);
    await ann.page.getByRole("option").filter({ hasText: "5550208" }).click();
    assert.equal(await ann.at("dial-input").inputValue(), "5550208");
    assert.equal(await ann.at("error").count(), 0);
    assert.equal(await ann.at("hangup").count(), 0);
    await ann.close();
  });

  it("a press on a call while suggestions are shown calls what was typed", async () => {
    const ann = await signedIn("5550209", "Ann");
    for (const last of [1, 2, 3, 4, 5]) await addContact(ann, `555031${last}`, `Kim ${last}`);
    await ann.at("dial-input").fill("55503");
    await ann.page.getByRole("option").first().waitFor();
    const box = await ann.at("call-audio").boundingBox();
    assert.ok(box);
    await ann.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await ann.at("call-state").waitFor();
    assert.equal(await ann.at("dial-input").inputValue(), "55503");
    await ann.close();
  });
});
