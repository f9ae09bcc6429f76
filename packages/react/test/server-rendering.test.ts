import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { EchooClient, EchooRest } from "@echoo/client";
import { EchooDevices } from "@echoo/client/devices";
import {
  CallVideo,
  EchooProvider,
  IncomingCall,
  useCall,
  useConnection,
  useContacts,
  useDevices,
  useHistory,
  usePresence,
} from "@echoo/react";
import { createElement } from "react";
import { renderToString } from "react-dom/server";

function Everything() {
  const { status } = useConnection();
  const [contacts, history] = [useContacts(), useHistory()];
  const shown = {
    status,
    call: useCall()?.state ?? "none",
    contacts: contacts.contacts.length,
    isLoading: contacts.isLoading && history.isLoading,
    there: usePresence(["5551234567"]).size,
    microphones: useDevices().audioinput.length,
  };
  return createElement("p", null, Object.values(shown).join(" "));
}

describe("the components on a server", () => {
  it("render what there is before a connection, and open none", async () => {
    let asked = 0;
    const refuse = () => {
      asked += 1;
      throw new Error("A server that renders connects nowhere.");
    };
    const client = new EchooClient({ url: "wss://calls.example.org/ws", userId: "5557654321", socket: refuse });
    const rest = new EchooRest({ baseUrl: "https://calls.example.org", fetch: refuse });
    const given = { client, rest, devices: new EchooDevices() };
    const shown = createElement(Everything);
    const video = createElement(CallVideo);
    const html = renderToString(createElement(EchooProvider, given, shown, video, createElement(IncomingCall)));
    assert.match(html, /<p>offline none 0 true 0 0<\/p><video[^>]*><\/video>$/);
    assert.equal(asked, 0);
    client.dispose();
    given.devices.dispose();
  });

  it("say what is missing around them", () => {
    assert.throws(() => renderToString(createElement(Everything)), /needs an <EchooProvider> around it/);
    const client = new EchooClient({ url: "wss://calls.example.org/ws", userId: "5557654321" });
    const provided = createElement(EchooProvider, { client }, createElement(Everything));
    assert.throws(() => renderToString(provided), /needs an <EchooProvider rest=/);
    client.dispose();
  });

  it("are marked as parts of a page", () => {
    const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
    assert.match(index, /^"use client";/);
  });
});
