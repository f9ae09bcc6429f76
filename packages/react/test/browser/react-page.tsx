/** @jsxImportSource react */
import { type ClientSocket, EchooClient, EchooRest } from "@echoo/client";
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
  useIncomingCall,
  usePresence,
} from "@echoo/react";
import { StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import type { ReactPage } from "./open-react-page.ts";

/** Every socket of this page, and what was said on it. */
const sockets: WebSocket[] = [];
const joins: string[] = [];

function openSocket(url: string): ClientSocket {
  const socket = new WebSocket(url);
  sockets.push(socket);
  const send = socket.send.bind(socket);
  socket.send = (text) => {
    if (String(text).includes('"type":"join"')) joins.push(String(text));
    send(text);
  };
  return socket;
}

/** Listeners of the client that were added and not removed. */
let listeners = 0;

function counted(client: EchooClient): EchooClient {
  const on = client.on.bind(client);
  client.on = (type, handler) => {
    listeners += 1;
    const stop = on(type, handler);
    let isStopped = false;
    return () => {
      if (!isStopped) listeners -= 1;
      isStopped = true;
      stop();
    };
  };
  return client;
}

function App({ peer }: { readonly peer: string }) {
  const { client, status } = useConnection();
  const call = useCall();
  const ringing = useIncomingCall();
  const presence = usePresence([peer]);
  const { contacts, put } = useContacts();
  const { calls } = useHistory();
  const { audioinput } = useDevices();
  return (
    <main>
      <output data-testid="status">{status}</output>
      <output data-testid="state">{call?.state ?? (ringing ? "incoming" : "none")}</output>
      <output data-testid="peer">{presence.get(peer)?.online ? "there" : "away"}</output>
      <output data-testid="contacts">{contacts.map(({ name }) => name).join(", ")}</output>
      <output data-testid="history">{calls.length}</output>
      <output data-testid="microphones">{audioinput.length}</output>
      <button type="button" data-testid="dial" onClick={() => void client.call(peer, { video: true })} />
      <button type="button" data-testid="hangup" onClick={() => call?.call.hangUp()} />
      <button type="button" data-testid="add" onClick={() => void put(peer, "A friend")} />
      <IncomingCall />
      <CallVideo data-testid="remote-video" />
      <CallVideo side="local" data-testid="local-video" />
    </main>
  );
}

const page: ReactPage = {
  sockets,
  joins,
  get listeners() {
    return listeners;
  },
  open({ url, baseUrl, userId, token, peer }) {
    const client = counted(new EchooClient({ url, userId, token, socket: openSocket }));
    const [rest, devices] = [new EchooRest({ baseUrl, token }), new EchooDevices()];
    let root: Root | undefined;
    page.mount = () => {
      const place = document.body.appendChild(document.createElement("div"));
      root = createRoot(place);
      root.render(
        <StrictMode>
          <EchooProvider client={client} rest={rest} devices={devices}>
            <App peer={peer} />
          </EchooProvider>
        </StrictMode>,
      );
    };
    page.unmount = () => {
      root?.unmount();
      document.body.replaceChildren();
    };
    page.status = () => client.status;
  },
  mount: () => {},
  unmount: () => {},
  status: () => "offline",
};
globalThis.reactPage = page;
