import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { spawnServer } from "@echoo/testkit";
import { historyOnce } from "../e2e/ask.ts";
import { AppPhone } from "./app-phone.ts";
import { appRequest, appSignIn } from "./app-request.ts";
import { CallTranscript } from "./call-transcript.ts";

const page = new URL("../../../../docs/reference/legacy-call.md", import.meta.url);

const introduction = `# A call of the shipped Android app

Every frame of one call between two phones with the app, in order: \`>\` is what a phone sends, byte for byte as its
JSON library writes it, \`<\` is what it gets. Session descriptions, ids and times are replaced. Types that the
app does not know, such as \`joined\`, \`calling\` and \`ringing\`, do it no harm.

A test plays this call against a running server (\`packages/server/test/app/transcript.test.ts\`) and fails when anything
in it differs from this page. Run it with \`ECHOO_WRITE_TRANSCRIPT=1\` to write the page anew.
`;

test("one whole call of the app goes over the wire as the reference page shows it", async (t) => {
  const server = await spawnServer({ test: t });
  const [number, other] = ["5551230001", "5551230002"];
  const token = await appSignIn(server, number);
  const ann = await AppPhone.open(server, number, { test: t, seed: 1 });
  const bob = await AppPhone.open(server, other, { test: t, seed: 2 });
  const transcript = new CallTranscript(["ann", ann], ["bob", bob]);
  await ann.next("userList", ({ users }) => users.includes(other));
  await transcript.part("Both open the app; ann soon learns that bob is there");

  ann.say({ type: "checkUser", userId: other });
  await transcript.part("ann makes sure that bob is there");

  ann.dials(other);
  ann.trickles(other);
  const offer = await bob.rings(number);
  await transcript.part("ann calls; her candidates are held until bob answers");

  bob.trickles(number, 1, bob.answer);
  await bob.peer.settle();
  bob.answers(offer);
  await ann.next("candidate");
  await transcript.part("bob answers");

  ann.trickles(other, 1, ann.answer);
  ann.say({ type: "chat", from: number, to: other, message: "1 < 2 & so on" });
  bob.say({ type: "emoji", from: other, to: number, emoji: "👍" });
  await ann.next("emoji");
  await transcript.part("They talk");

  ann.reports(number, other, offer.callId);
  ann.hangsUp(other, offer.callId);
  await bob.next("hangup");
  await transcript.part("ann hangs up, and tells before it how the call was");

  await historyOnce(server, number, ([call]) => call?.hasStats === true);
  const history = await appRequest(server, "GET /calls/history?limit=50", { token });
  transcript.request("ann looks at her history", "GET /calls/history?limit=50", history.body);

  const wanted = `${introduction}\n${transcript}`;
  if (process.env.ECHOO_WRITE_TRANSCRIPT === "1") await writeFile(page, wanted);
  assert.equal(await readFile(page, "utf8"), wanted);
});
