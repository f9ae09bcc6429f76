import { EchooClient, EchooRest } from "@echoo/client";
import { CallVideo, EchooProvider, IncomingCall, useCall, useContacts, usePresence } from "@echoo/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

// Behind the #, which browsers send to no server. A real app asks its own server for the token.
const { server, userId, token } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
// Once, outside the components: it is the connection, and outlives each rendering.
const client = new EchooClient({ url: `${server.replace(/^http/, "ws")}/ws`, userId, token });
const rest = new EchooRest({ baseUrl: server, token });

function Contact({ number, name }) {
  const isThere = usePresence([number]).get(number)?.online ?? false;
  return (
    <li>
      {name} {isThere ? "is there" : "is away"}{" "}
      <button type="button" onClick={() => client.call(number, { video: true })}>
        Call {name}
      </button>
    </li>
  );
}

function Contacts() {
  const { contacts, error } = useContacts();
  if (error) return <p>Your contacts could not be read.</p>;
  return (
    <ul>
      {contacts.map(({ phone, name }) => (
        <Contact key={phone} number={phone} name={name} />
      ))}
    </ul>
  );
}

function Call() {
  const view = useCall();
  if (view === undefined) return <Contacts />;
  return (
    <section>
      <p>
        {view.peerName ?? view.peer}: {view.state}
      </p>
      <CallVideo data-testid="remote-video" />
      <CallVideo side="local" style={{ width: 160 }} />
      <button type="button" onClick={() => view.call.hangUp()}>
        Hang up
      </button>
    </section>
  );
}

createRoot(document.getElementById("app")).render(
  <StrictMode>
    <EchooProvider client={client} rest={rest}>
      <IncomingCall />
      <Call />
    </EchooProvider>
  </StrictMode>,
);
