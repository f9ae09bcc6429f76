import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { limits, normalisePhone, plainDigits, restContract, typedUserId } from "@echoo/protocol";

const number = "+491700000018";

/** Everything that a number is wrapped in, or divided by, where it is copied from. */
const forms: Readonly<Record<string, string>> = {
  "marks of direction around it": "\u202a+49 170 0000018\u202c",
  "isolating marks around it": "\u2066+49 170 0000018\u2069",
  "a left-to-right mark": "\u200e+491700000018",
  "an Arabic letter mark": "\u061c+491700000018",
  "a byte order mark": "\ufeff+491700000018",
  "a soft hyphen": "+49170\u00ad0000018",
  "a word joiner and a zero-width space": "+49\u2060170\u200b0000018",
  joiners: "+49\u200d170\u200c0000018",
  "no-break spaces": "+49\u00a0170\u00a00000018",
  "narrow no-break spaces": "+49\u202f170\u202f0000018",
  "ideographic spaces": "+49\u3000170\u30000000018",
  "a line break": " +491700000018\r\n",
  "no-break hyphens": "+49\u2011170\u20110000018",
  "en dashes": "+49\u2013170\u20130000018",
  "a figure dash and a minus": "+49\u2012170\u22120000018",
  "a full-width hyphen": "+49\uff0d170\uff0d0000018",
  "a slash": "+49 170/0000018",
  "a fraction slash": "+49 170\u20440000018",
  "dots and brackets": "+49 (170) 000.00.18",
  "a tel: link": "tel:+49-170-0000018",
  "a tel: link with marks": "\u200eTEL:\u2066+491700000018\u2069",
  "full-width digits": number.replace(/./g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
};

describe("a phone number is read", () => {
  for (const [how, text] of Object.entries(forms)) {
    it(`with ${how}`, () => {
      assert.equal(normalisePhone(text), number);
    });
  }

  it("in the digits of every script that has its own", () => {
    for (const system of Intl.supportedValuesOf("numberingSystem")) {
      const digits = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }).format(1234567890);
      if (/^\p{Nd}{10}$/u.test(digits)) assert.equal(normalisePhone(digits), "1234567890", system);
    }
  });

  it("in digits whose rows follow each other without a gap", () => {
    assert.equal(plainDigits("\u{1d7ce}\u{1d7d7}\u{1d7d8}\u{1d7e1}\u{1d7ff}"), "09099");
  });
});

describe("no phone number is read", () => {
  for (const text of [
    "hello",
    "",
    "12",
    "+",
    "++491700",
    "49+1700",
    "0170x5",
    "tel:",
    "tel:+49170;ext=5",
    "5551²3",
    "1".repeat(16),
  ]) {
    it(`of ${JSON.stringify(text)}`, () => {
      assert.equal(normalisePhone(text), undefined);
    });
  }

  it("of a text longer than an id may be, whatever it is made of", () => {
    const long = "5551".padEnd(limits.userIdChars, " ");
    assert.equal(normalisePhone(long), "5551");
    assert.equal(normalisePhone(`${long} `), undefined);
  });
});

test("nothing but separators is dropped: national and international forms stay what they are", () => {
  assert.deepEqual(["01700000018", "00491700000018", "+49 (0)170 0000018"].map(normalisePhone), [
    "01700000018",
    "00491700000018",
    "+4901700000018",
  ]);
});

test("each REST field for a number takes it as it was pasted, and an id of the host product as it stands", () => {
  const pasted = "\u202a+49 170\u20110000018\u202c";
  assert.equal(restContract.getUser.params.parse({ phone: pasted }).phone, number);
  assert.deepEqual(restContract.putContact.params.parse({ phone: "555-0001", contact: pasted }), {
    phone: "555-0001",
    contact: number,
  });
  assert.equal(restContract.register.body.parse({ phoneNumber: pasted }).phone, number);
  assert.equal(restContract.createInvitation.body.parse({ phone: pasted })?.phone, number);
  assert.equal(restContract.appAddContact.body.parse({ phoneNumber: pasted }).phoneNumber, number);
  assert.ok(!restContract.getUser.params.safeParse({ phone: "h\u00e9llo" }).success);
  assert.equal(typedUserId("auth0|42"), "auth0|42");
});
