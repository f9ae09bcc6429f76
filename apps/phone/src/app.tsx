import { useEffect } from "preact/hooks";
import { count } from "./format/format.ts";
import { CallScreen } from "./screens/call.tsx";
import { CallDetails } from "./screens/call-details.tsx";
import { Devices } from "./screens/devices.tsx";
import { Home } from "./screens/home.tsx";
import { Incoming } from "./screens/incoming.tsx";
import { Invite } from "./screens/invite.tsx";
import { SignIn } from "./screens/sign-in.tsx";
import { Welcome } from "./screens/welcome.tsx";
import { say } from "./sentences/say.ts";
import { useCell } from "./state/cell.ts";
import type { Line } from "./state/line.ts";
import type { Phone } from "./state/phone.ts";
import { route } from "./state/route.ts";

export function App({ phone }: { readonly phone: Phone }) {
  const line = useCell(phone.line);
  return line ? <SignedIn key={line.session.token} phone={phone} line={line} /> : <SignIn phone={phone} />;
}

/** Home and, beside it or over it, what is going on: a call, the details of one, or nothing yet. */
function SignedIn({ phone, line }: { readonly phone: Phone; readonly line: Line }) {
  const current = useCell(line.desk.current);
  const incoming = useCell(line.desk.incoming);
  const where = useCell(route);
  // Names stand everywhere, so that a new one draws everything anew.
  useCell(line.directory.ownNames);
  useCell(line.directory.view);
  useTitle(line);
  const pane = current ? "call" : where.page;
  // What had the focus is gone with the pane before; the next Tab begins at the top of this one.
  useEffect(() => {
    if (pane === "home" && document.activeElement === document.body) {
      document.querySelector<HTMLElement>(".home-title")?.focus({ preventScroll: true });
    }
  }, [pane]);
  return (
    <>
      {incoming && <Incoming key={incoming.key} line={line} session={incoming} />}
      <main class="app" data-pane={pane}>
        <div class="side">
          <Home phone={phone} line={line} />
        </div>
        <div class="stage">
          {current ? (
            <CallScreen key={current.key} line={line} session={current} />
          ) : where.page === "details" ? (
            <CallDetails key={where.callId} line={line} callId={where.callId} />
          ) : where.page === "invite" ? (
            <Invite line={line} />
          ) : where.page === "devices" ? (
            <Devices phone={phone} line={line} />
          ) : (
            <Welcome line={line} />
          )}
        </div>
      </main>
    </>
  );
}

/** The tab's title says what cannot be seen from another tab: who calls, and how many calls were missed. */
function useTitle(line: Line): void {
  const incoming = useCell(line.desk.incoming);
  const current = useCell(line.desk.current);
  const { unseenMissed } = useCell(line.history.view);
  const inCall = current && current.call.state !== "ended" ? current.call.peer : undefined;
  useEffect(() => {
    const { nameOf } = line.directory;
    if (incoming) document.title = say.titleIncoming(nameOf.call(line.directory, incoming.call.peer));
    else if (inCall) document.title = say.titleInCall(nameOf.call(line.directory, inCall));
    else document.title = unseenMissed > 0 ? say.titleMissed(count(unseenMissed)) : say.app;
  }, [line, incoming, inCall, unseenMissed]);
}
