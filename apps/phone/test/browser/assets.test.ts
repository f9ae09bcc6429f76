import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { requireService, shareChromium, spawnServer } from "@echoo/testkit";
import type { Page } from "playwright-core";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const pages = ["/", "/docs", "/docs/messages"];
const kinds: Readonly<Record<string, RegExp>> = {
  js: /^text\/javascript/,
  css: /^text\/css/,
  svg: /^image\/svg\+xml/,
  html: /^text\/html/,
  webmanifest: /^application\/manifest\+json/,
};

/** What a page of the server names: its links, scripts, pictures and icons, and the files that those name in turn. */
function linksOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const named = [...document.querySelectorAll("link[href], script[src], img[src], a[href], source[src]")].map(
      (element) => new URL(element.getAttribute("href") ?? element.getAttribute("src") ?? "", location.href),
    );
    const sheets = document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]');
    for (const { href } of sheets) {
      const text = await (await fetch(href)).text();
      for (const [, , found = ""] of text.matchAll(/url\((["']?)(.*?)\1\)/g)) named.push(new URL(found, href));
    }
    const manifest = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
    if (manifest) {
      const { icons = [] } = await (await fetch(manifest.href)).json();
      for (const { src } of icons) named.push(new URL(src, manifest.href));
    }
    return named.filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname);
  });
}

/** Opens a file as what it says to be; what comes back is what is wrong with it. */
function open(page: Page, path: string): Promise<string | undefined> {
  return page.evaluate(async (address) => {
    const response = await fetch(address);
    const [type = "", text] = [response.headers.get("content-type") ?? "", await response.clone().text()];
    if (!response.ok) return `${response.status}`;
    if (text.trim() === "") return "empty";
    if (type.startsWith("image/svg+xml")) {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      if (parsed.querySelector("parsererror")) return "no XML";
      if (parsed.documentElement.childElementCount === 0) return "an empty drawing";
    }
    if (type.startsWith("image/")) {
      const image = new Image();
      image.src = address;
      await image.decode();
      return image.naturalWidth > 0 ? undefined : "a picture without size";
    }
    if (type.startsWith("text/css")) {
      const sheet = new CSSStyleSheet();
      await sheet.replace(text);
      return sheet.cssRules.length > 0 ? undefined : "no rules";
    }
    return undefined;
  }, path);
}

test("every file that the server hands to browsers is opened as what it is, and every link leads somewhere", {
  skip: requireService("chromium"),
}, async (t) => {
  const server = await spawnServer({ test: t });
  const browser = await shareChromium();
  t.after(() => browser.close());
  const page = await browser.newPage();
  const built = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => `/${entry.parentPath.slice(dist.length)}/${entry.name}`.replace(/\/+/g, "/"));
  const found = new Set(built);
  for (const path of pages) {
    await page.goto(server.url + path);
    for (const link of await linksOf(page)) found.add(link);
  }
  assert.ok(found.has("/favicon.svg") && found.has("/docs/assets/icon.svg"), [...found].join(" "));
  await page.goto(server.url);
  const faults: string[] = [];
  for (const path of found) {
    const fault = await open(page, path).catch((error: unknown) => String(error));
    if (fault !== undefined) faults.push(`${path}: ${fault}`);
    const kind = kinds[path.split(".").at(-1) ?? ""];
    const type = (await fetch(server.url + path)).headers.get("content-type") ?? "";
    if (kind !== undefined && !kind.test(type)) faults.push(`${path}: served as ${type}`);
  }
  assert.deepEqual(faults, []);
});
