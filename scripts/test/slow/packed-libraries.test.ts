import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { FreshProject } from "../../packages/fresh-project.ts";
import { ensurePacked, type Packed } from "../../packages/pack.ts";
import { compilers, lint } from "../../packages/package-checks.ts";

const app = `
import { type Call, EchooClient, EchooRest } from "@echoo/client";
import { EchooDevices } from "@echoo/client/devices";
import { CallVideo, EchooProvider, IncomingCall, useCall, useContacts, useDevices, usePresence } from "@echoo/react";

const client = new EchooClient({ url: "wss://calls.example.org/ws", userId: "5551234567" });
function Calls() {
  const view = useCall();
  const { contacts, put } = useContacts();
  const there: boolean | undefined = usePresence(["5557654321"]).get("5557654321")?.online;
  const { audioinput, devices } = useDevices();
  const call: Call | undefined = view?.call;
  // @ts-expect-error A number is a text.
  void put(5);
  devices.choose("audioinput", audioinput[0]?.id);
  return <p>{contacts.map(({ name }) => name)}{String(there)}{call?.state}</p>;
}
export const App = () => (
  <EchooProvider client={client} rest={new EchooRest()} devices={new EchooDevices()}>
    <Calls />
    <CallVideo side="local" className="small" />
    <IncomingCall>{(view) => <button onClick={() => view.call.answer()}>{view.peer}</button>}</IncomingCall>
  </EchooProvider>
);
`;

const backend = `
import { EchooAdmin, EchooAdminError, userToken, verifyWebhook } from "@echoo/admin";

const jwt = { secret: "x".repeat(32), issuer: "https://app.example.com", audience: "calls" };
const admin = new EchooAdmin({ url: "https://calls.example.org", token: () => userToken("user-1", jwt) });
const { calls } = await admin.listCalls({ params: { phone: "user-1" }, query: { limit: 20 } });
const { people } = await admin.adminListPeople({ query: { search: "Ann" } });
// @ts-expect-error A person has a number.
await admin.adminGetPerson({});
const event = verifyWebhook({ body: new Uint8Array(), headers: new Headers(), secret: ["whsec_1", "whsec_2"] });
export const found: [string | undefined, string | undefined, string, boolean] = [
  calls[0]?.callId, people[0]?.phone, event.type, new Error() instanceof EchooAdminError,
];
`;

describe("@echoo/react and @echoo/admin as they are published", { timeout: 240_000 }, () => {
  let packed: Packed;
  let project: FreshProject;
  before(async () => {
    packed = await ensurePacked();
    const peers = ["react", "react-dom", "scheduler", "csstype", "@types/react", "@types/node", "undici-types"];
    project = await FreshProject.with([packed.client, packed.react, packed.admin], { peers });
  });
  after(() => project?.remove());

  for (const name of ["react", "admin"] as const) {
    it(`${name} is what publint and attw ask of a package of modules, and names no sources`, async () => {
      await lint(project, `@echoo/${name}`, packed[name]);
      const manifest = readFileSync(join(project.folder, "node_modules/@echoo", name, "package.json"), "utf8");
      assert.doesNotMatch(manifest, /"source"|"devDependencies"|@echoo\/protocol/);
    });
  }

  it("react is marked as part of a page, and leaves React and the SDK to the app", () => {
    const text = readFileSync(join(project.folder, "node_modules/@echoo/react/dist/index.js"), "utf8");
    assert.match(text, /^"use client";/);
    assert.deepEqual(
      new Set([...text.matchAll(/from "([^"]+)"/g)].map(([, specifier]) => specifier)),
      new Set(["react", "react/jsx-runtime"]),
    );
  });

  for (const { name, compiler } of compilers()) {
    it(`have their types for ${name}: an app's for a bundler and for Node, a backend's without those of a page`, async () => {
      const file = await compiler(project);
      const lib = ["es2022", "dom", "dom.iterable"];
      project.write("src/app.tsx", app);
      await project.types(file, { lib, jsx: "react-jsx", module: "esnext", moduleResolution: "bundler" });
      await project.types(file, { lib, jsx: "react-jsx", module: "node16", moduleResolution: "node16" });
      project.write("src/app.tsx", "export {};\n");
      project.write("src/backend.ts", backend);
      await project.types(file, { lib: ["es2023"], types: ["node"], module: "node16", moduleResolution: "node16" });
      project.write("src/backend.ts", "export {};\n");
    });
  }
});
