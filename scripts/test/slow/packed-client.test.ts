import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { FreshProject } from "../../packages/fresh-project.ts";
import { ensurePacked } from "../../packages/pack.ts";
import { compilers, lint } from "../../packages/package-checks.ts";

/** A page may pay so much for the file without a build. */
const maxGzippedBytes = 20 * 1024;

const program = `
import { type Call, EchooClient, EchooError, EchooRest, type Instant } from "@echoo/client";
import { FakeMedia, FakeNetwork } from "@echoo/client/fake";

const media = new FakeMedia(new FakeNetwork({ now: () => Date.now() }));
const client = new EchooClient({ url: "wss://calls.example.org/ws", userId: "5551234567", token: async () => "t", media });
client.on("incoming", (call: Call) => void call.answer({ video: call.isVideo }));
client.on("presence", (users) => users.map(({ userId, lastSeenAt }): [string, number | undefined] => [userId, lastSeenAt]));
client.on("error", (error: EchooError) => error.code === "already_in_call");
// @ts-expect-error There is no such event.
client.on("nothing", () => {});
// @ts-expect-error A call says whether it has video.
void client.call("5557654321", {});
// @ts-expect-error There is no such code.
new EchooError("no_such_code");

const rest = new EchooRest({ baseUrl: "https://calls.example.org" });
const { calls } = await rest.listCalls({ params: { phone: "5551234567" }, query: { limit: 20 } });
const id: string | undefined = calls[0]?.callId;
// @ts-expect-error The contract says which parameters a path has.
void rest.listCalls({ params: { number: "5551234567" } });
// @ts-expect-error A call has an id, and it is a text.
const wrong: number = calls[0]?.callId;
export const found: [string | undefined, number, Instant | undefined] = [id, wrong, client.calls[0]?.startedAtMs];
`;

describe("@echoo/client as it is published", { timeout: 240_000 }, () => {
  let tarball: string;
  let project: FreshProject;
  const installed = () => join(project.folder, "node_modules/@echoo/client");
  before(async () => {
    ({ client: tarball } = await ensurePacked());
    project = await FreshProject.with([tarball]);
    project.write("src/program.ts", program);
  });
  after(() => project?.remove());

  it("is what publint and attw ask of a package of modules", async () => {
    await lint(project, "@echoo/client", tarball);
  });

  it("needs no other package, has no sources, and says by which licence it comes", () => {
    const manifest = JSON.parse(readFileSync(join(installed(), "package.json"), "utf8"));
    for (const kind of ["dependencies", "peerDependencies", "devDependencies"]) assert.equal(manifest[kind], undefined);
    assert.doesNotMatch(JSON.stringify(manifest.exports), /source/);
    assert.equal(manifest.sideEffects, false);
    assert.match(readFileSync(join(installed(), "LICENSE"), "utf8"), /ISC/);
    assert.doesNotMatch(readFileSync(join(installed(), "README.md"), "utf8"), /\]\(\.\.?\//);
  });

  it("weighs at most 20 KB gzipped as the file for a page without a build", (t) => {
    const bytes = gzipSync(readFileSync(join(installed(), "dist/echoo-client.min.js")), { level: 9 }).length;
    t.diagnostic(`${bytes} bytes, gzipped`);
    assert.ok(bytes <= maxGzippedBytes, `${bytes} bytes`);
  });

  it("is imported where there is no page, and touches nothing", async () => {
    const code = 'const { EchooClient } = await import("@echoo/client"); console.log(typeof EchooClient);';
    assert.equal(await project.run(process.execPath, ["--input-type=module", "-e", code]), "function\n");
  });

  for (const { name, compiler } of compilers()) {
    it(`has its types for ${name}, for a bundler and for Node`, async () => {
      const file = await compiler(project);
      const lib = ["es2022", "dom", "dom.iterable"];
      await project.types(file, { lib, module: "esnext", moduleResolution: "bundler" });
      await project.types(file, { lib, module: "node16", moduleResolution: "node16" });
    });
  }
});
