import { useEffect } from "preact/hooks";
import { count } from "./format/format.ts";
import { say } from "./i18n/say.ts";
import { CallScreen } from "./screens/call.tsx";
import { Home } from "./screens/home.tsx";
import { Incoming } from "./screens/incoming.tsx";
import { LateCallDetails, LateDevices, LateInvite, useClosedRings, useLateScreens } from "./screens/late-screens.ts";
import { SignIn } from "./screens/sign-in.tsx";
import { Welcome } from "./screens/welcome.tsx";
import type { AppSession } from "./state/app-session.ts";
import { Cell, useCell } from "./state/cell.ts";
import type { Phone } from "./state/phone.ts";
import { route } from "./state/route.ts";

export function App({ phone }: { readonly phone: Phone }) {
  const appSession = useCell(phone.appSession);
  return appSession ? (
    <SignedIn key={appSession.session.token} phone={phone} appSession={appSession} />
  ) : (
    <SignIn phone={phone} />
  );
}

/** Home and, beside it or over it, what is going on: a call, the details of one, or nothing yet. */
function SignedIn({ phone, appSession }: { readonly phone: Phone; readonly appSession: AppSession }) {
  const current = useCell(appSession.controller.current);
  useCell(current?.changes ?? nothing);
  const incoming = useCell(appSession.controller.incoming);
  const where = useCell(route);
  // Names stand everywhere, so that a new one draws everything anew.
  useCell(appSession.directory.ownNames);
  useCell(appSession.directory.view);
  useTitle(appSession);
  useLateScreens(appSession);
  useClosedRings(phone, appSession);
  const pane = current ? (current.call.state === "ended" ? "ended" : "call") : where.page;
  // What had the focus is gone with the pane before; the next Tab begins at the top of this one.
  useEffect(() => {
    if (pane === "home" && document.activeElement === document.body) {
      document.querySelector<HTMLElement>(".home-title")?.focus({ preventScroll: true });
    }
  }, [pane]);
  return (
    <>
      {incoming && <Incoming appSession={appSession} session={incoming} />}
      <main class="app" data-pane={pane}>
        <div class="side">
          <Home phone={phone} appSession={appSession} />
        </div>
        <div class="stage">
          {current ? (
            <CallScreen key={current.key} appSession={appSession} session={current} />
          ) : where.page === "details" ? (
            <LateCallDetails key={where.callId} appSession={appSession} callId={where.callId} />
          ) : where.page === "invite" ? (
            <LateInvite appSession={appSession} />
          ) : where.page === "devices" ? (
            <LateDevices phone={phone} appSession={appSession} />
          ) : (
            <Welcome appSession={appSession} />
          )}
        </div>
      </main>
    </>
  );
}

/** Stands for a call's changes where there is no call. */
const nothing = new Cell(0);

/** The tab's title says what cannot be seen from another tab: who calls, and how many calls were missed. */
function useTitle(appSession: AppSession): void {
  const incoming = useCell(appSession.controller.incoming);
  const current = useCell(appSession.controller.current);
  const { unseenMissed } = useCell(appSession.history.view);
  const inCall = current && current.call.state !== "ended" ? current.call.peer : undefined;
  useEffect(() => {
    const { nameOf } = appSession.directory;
    if (incoming) document.title = say.titleIncoming(nameOf.call(appSession.directory, incoming.call.peer));
    else if (inCall) document.title = say.titleInCall(nameOf.call(appSession.directory, inCall));
    else document.title = unseenMissed > 0 ? say.titleMissed(count(unseenMissed)) : say.app;
  }, [appSession, incoming, inCall, unseenMissed]);
}
