import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type EchooClient, EchooRest } from "@echoo/client";
import { requireService, type ServerProcess, type SharedBrowser, shareChromium, spawnServer } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { FreshProject } from "../../packages/fresh-project.ts";
import { ensurePacked } from "../../packages/pack.ts";
import { StaticSite } from "../../packages/static-site.ts";

declare global {
  var Echoo: { readonly EchooClient: typeof EchooClient };
  var phone: EchooClient;
}

const page = (script: string) => `<!doctype html><title>A page</title>${script}`;
const plain = `<script type="module">
  import * as Echoo from "./node_modules/@echoo/client/dist/echoo-client.min.js";
  globalThis.Echoo = Echoo;
</script>`;

describe("the packed SDK on pages of another origin", { skip: requireService("chromium"), timeout: 180_000 }, () => {
  let project: FreshProject;
  let site: StaticSite;
  let server: ServerProcess;
  let browser: SharedBrowser;
  before(async () => {
    const { client } = await ensurePacked();
    project = await FreshProject.with([client]);
    project.write("plain.html", page(plain));
    project.write("index.html", page('<script type="module" src="/src/main.js"></script>'));
    project.write("src/main.js", 'import * as Echoo from "@echoo/client";\nglobalThis.Echoo = Echoo;\n');
    await project.tool("vite/bin/vite.js", "build", "--logLevel", "warn", "--base", "./");
    site = await StaticSite.of(project.folder);
    [server, browser] = await Promise.all([spawnServer({ env: { ECHOO_ORIGINS: site.origin } }), shareChromium()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    site?.close();
    project?.remove();
  });

  async function online(path: string, userId: string): Promise<Page> {
    const registered = await new EchooRest({ baseUrl: server.url }).register({ body: { phone: userId } });
    assert.ok("token" in registered);
    const opened = await browser.newPage();
    await opened.goto(`${site.origin}${path}`);
    await opened.waitForFunction(() => "Echoo" in globalThis);
    await opened.evaluate(
      (options) => {
        globalThis.phone = new Echoo.EchooClient(options);
        phone.on("incoming", (call) => void call.answer({ video: true }));
        return new Promise<void>((resolve, reject) => {
          phone.on("status", (status) => status === "online" && resolve());
          phone.on("error", reject);
          phone.connect();
        });
      },
      { url: `${server.wsUrl}ws`, userId, token: registered.token },
    );
    return opened;
  }

  /** Resolves once pictures of the peer are decoded. */
  const seesPeer = (where: Page) =>
    where.evaluate(async () => {
      for (;;) {
        const report = await phone.calls[0]?.getStats();
        const all: readonly { readonly kind?: string; readonly framesDecoded?: number }[] = [
          ...(report?.values() ?? []),
        ];
        if (all.some((entry) => entry.kind === "video" && (entry.framesDecoded ?? 0) > 0)) return phone.calls[0]?.state;
        await new Promise(requestAnimationFrame);
      }
    });

  it("joins a page that Vite built and one without a build in a call with pictures, and ends it for both", async () => {
    const ann = await online("/dist/index.html", "5580001");
    const bob = await online("/plain.html", "5580002");
    await ann.evaluate(async () => void (await phone.call("5580002", { video: true })));
    assert.deepEqual(await Promise.all([seesPeer(ann), seesPeer(bob)]), ["connected", "connected"]);
    const ended = bob.evaluate(() => {
      const [call] = phone.calls;
      return new Promise((resolve) => call?.on("ended", ({ reason, by }) => resolve([reason, by])));
    });
    await ann.evaluate(() => phone.calls[0]?.hangUp());
    assert.deepEqual(await ended, ["hangup", "peer"]);
    await Promise.all([ann.close(), bob.close()]);
  });
});
