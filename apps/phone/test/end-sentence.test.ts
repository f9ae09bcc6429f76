import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EndedBy, endReasonCodes } from "@echoo/protocol";

// The page asks the browser for its languages as it loads; Node 20 has none to tell.
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: { languages: ["en"] } });
const { endSentence } = await import("../src/i18n/end-sentence.ts");
const { say } = await import("../src/i18n/say.ts");

describe("how a call ended, in words", () => {
  const said = (endReason: (typeof endReasonCodes)[number], endedBy?: EndedBy) =>
    endSentence({ endReason, endedBy }, "Ann");

  it("says who did it, where one of the two did", () => {
    assert.equal(said("hangup", "you"), "You hung up.");
    assert.equal(said("hangup", "peer"), "Ann hung up.");
    for (const reason of ["hangup", "cancelled", "declined", "busy", "superseded"] as const) {
      assert.match(said(reason, "you"), /^You /);
      assert.match(said(reason, "peer"), /^Ann /);
    }
  });

  it("says that the server ended a call that was going on, and why", () => {
    const ended = endReasonCodes.filter((reason) => said(reason, "server").startsWith("The server ended the call: "));
    assert.deepEqual(ended, ["connection_lost", "server_restart", "max_duration", "admin_ended", "connect_failed"]);
  });

  it("gives the reason alone where nothing else is known, as of a call that a client alone tells of", () => {
    for (const reason of endReasonCodes) assert.equal(said(reason), say.endReason[reason]);
  });

  it("does not tell a caller whether somebody is away, wants no calls or blocks them", () => {
    assert.equal(said("unreachable", "server"), said("unreachable"));
  });
});
