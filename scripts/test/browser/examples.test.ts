import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { EchooRest } from "@echoo/client";
import {
  freePort,
  requireService,
  type ServerProcess,
  type SharedBrowser,
  shareChromium,
  spawnServer,
} from "@echoo/testkit";
import type { Page } from "playwright-core";
import { FreshProject } from "../../packages/fresh-project.ts";
import { ensurePacked, type Packed } from "../../packages/pack.ts";
import { StaticSite } from "../../packages/static-site.ts";

describe("an example, as its README says", { skip: requireService("chromium"), timeout: 180_000 }, () => {
  let packed: Packed;
  let browser: SharedBrowser;
  before(async () => {
    packed = await ensurePacked();
    browser = await shareChromium();
  });
  after(() => browser?.close());

  /** A copy of it outside the workspace, with the packed packages. */
  async function copyOf(
    example: string,
    packages: readonly (keyof Packed)[],
    peers: readonly string[],
  ): Promise<FreshProject> {
    return FreshProject.with(
      packages.map((name) => packed[name]),
      { peers, example },
    );
  }

  async function tokenFor(server: ServerProcess, phone: string): Promise<string> {
    const registered = await new EchooRest({ baseUrl: server.url }).register({ body: { phone } });
    assert.ok("token" in registered);
    return registered.token;
  }

  /** A person's own, whose camera stops with the test. */
  async function newPage(t: TestContext): Promise<Page> {
    const context = await browser.newContext({ permissions: ["camera", "microphone"] });
    t.after(() => context.close());
    return context.newPage();
  }

  const plays = (page: Page) =>
    page.waitForFunction(() => [...document.querySelectorAll("video")].some((video) => video.videoWidth > 0));

  it("calls from a page without a build", async (t) => {
    const project = await copyOf("plain-page", ["client"], []);
    t.after(() => project.remove());
    const site = await StaticSite.of(project.folder);
    t.after(() => site.close());
    const server = await spawnServer({ test: t, env: { ECHOO_ORIGINS: site.origin } });
    const open = async (userId: string, peer: string) => {
      const token = await tokenFor(server, userId);
      const page = await newPage(t);
      page.on("dialog", (dialog) => void dialog.accept());
      const given = new URLSearchParams({ url: `${server.wsUrl}ws`, userId, token, peer });
      const joined = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
      await page.goto(`${site.origin}/index.html#${given}`);
      await joined;
      return page;
    };
    const [ann, bob] = [await open("5600001", "5600002"), await open("5600002", "5600001")];
    await ann.click("#call");
    await Promise.all([plays(ann), plays(bob)]);
  });

  it("calls a contact in React", async (t) => {
    const project = await copyOf("react", ["client", "react"], ["react", "react-dom", "scheduler"]);
    t.after(() => project.remove());
    await project.tool("vite/bin/vite.js", "build", "--logLevel", "warn");
    const site = await StaticSite.of(join(project.folder, "dist"));
    t.after(() => site.close());
    const server = await spawnServer({ test: t, env: { ECHOO_ORIGINS: site.origin } });
    const open = async (userId: string, peer: string, name: string) => {
      const token = await tokenFor(server, userId);
      const rest = new EchooRest({ baseUrl: server.url, token });
      await rest.putContact({ params: { phone: userId, contact: peer }, body: { name } });
      const page = await newPage(t);
      await page.goto(`${site.origin}/index.html#${new URLSearchParams({ server: server.url, userId, token })}`);
      return page;
    };
    const [ann, bob] = [await open("5600003", "5600004", "Bob"), await open("5600004", "5600003", "Ann")];
    await ann.getByText("Bob is there").waitFor();
    await ann.getByRole("button", { name: "Call Bob" }).click();
    await bob.getByTestId("accept").click();
    await Promise.all([plays(ann), plays(bob)]);
    await bob.getByRole("button", { name: "Hang up" }).click();
    await ann.getByRole("button", { name: "Call Bob" }).waitFor();
  });

  it("calls between users of a product with its own login", async (t) => {
    const project = await copyOf("own-users", ["client", "admin"], ["express"]);
    t.after(() => project.remove());
    const secrets = {
      ECHOO_JWT_SECRET: "a-secret-that-both-of-them-know-0001",
      ECHOO_WEBHOOK_SECRET: `whsec_${Buffer.from("the key that both of them know 1").toString("base64")}`,
    };
    // Echoo wants the product's origin, and the product Echoo's address: the product has its port first.
    const port = await freePort();
    const server = await spawnServer({
      test: t,
      env: {
        ...secrets,
        ECHOO_JWT_ISSUER: "own-users",
        ECHOO_JWT_AUDIENCE: "calls",
        ECHOO_ORIGINS: `http://localhost:${port}`,
        ECHOO_WEBHOOK_URL: `http://localhost:${port}/echoo`,
      },
    });
    const product = spawn(process.execPath, ["server.js"], {
      cwd: project.folder,
      env: { ...process.env, ...secrets, PORT: String(port), ECHOO_WS: `${server.wsUrl}ws` },
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => ended(product));
    await once(product.stdout, "data");
    const open = async (user: string) => {
      const page = await newPage(t);
      await page.goto(`http://localhost:${port}/`);
      await page.getByLabel("User").fill(user);
      await page.getByLabel("Password").fill(user);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("online").waitFor();
      return page;
    };
    const [ann, bob] = [await open("ann"), await open("bob")];
    await ann.getByLabel("Whom").fill("bob");
    await ann.getByRole("button", { name: "Call" }).click();
    await bob.getByText("Ann: incoming").waitFor();
    await bob.getByRole("button", { name: "Answer" }).click();
    await Promise.all([plays(ann), plays(bob)]);
    await bob.getByRole("button", { name: "Hang up" }).click();
    await ann.getByText("online").waitFor();
    await ann.getByRole("button", { name: "Call" }).click();
    await bob.getByText("Ann: incoming").waitFor();
    await ann.getByRole("button", { name: "Hang up" }).click();
    // A promise would count as true at once in `waitForFunction`.
    const unanswered = () => ann.evaluate(async () => (await (await fetch("/me")).json()).unanswered);
    while (!(await unanswered()).includes("bob"));
    await ann.reload();
    await ann.getByText("Did not answer: bob").waitFor();
    const refused = await fetch(`http://localhost:${port}/call-token`);
    assert.equal(refused.status, 401);
  });

  it("has at most 60 lines a file", () => {
    for (const file of [
      "plain-page/index.html",
      "react/src/main.jsx",
      "own-users/server.js",
      "own-users/public/call.js",
    ]) {
      const lines = readFileSync(new URL(`../../../examples/${file}`, import.meta.url), "utf8").split("\n").length - 1;
      assert.ok(lines <= 60, `${file}: ${lines} lines`);
    }
  });
});

async function ended(program: ChildProcess): Promise<void> {
  const exit = once(program, "exit");
  program.kill();
  await exit;
}
