import { useEffect, useMemo, useState } from "preact/hooks";
import { Failure } from "./components/failure.tsx";
import { say } from "./i18n/words.ts";
import { AdminApi } from "./state/admin-api.ts";
import { fragmentOf, type Route, useRoute, viewNames } from "./state/route.ts";
import { clearSession, readSession, type Session, writeSession } from "./state/session.ts";
import { useLoaded } from "./state/use-loaded.ts";
import { Audit } from "./views/audit.tsx";
import { Calls } from "./views/calls.tsx";
import { NotAdmin } from "./views/not-admin.tsx";
import { Now } from "./views/now.tsx";
import { OneCall } from "./views/one-call.tsx";
import { OnePerson } from "./views/one-person.tsx";
import { People } from "./views/people.tsx";
import { Quality } from "./views/quality.tsx";
import { Settings } from "./views/settings.tsx";
import { SignIn } from "./views/sign-in.tsx";

/** Nothing is asked for, and nothing shown, before an administrator is signed in. */
export function App() {
  const [session, setSession] = useState(readSession);
  const signIn = (next: Session) => {
    writeSession(next);
    setSession(next);
  };
  const signOut = () => {
    clearSession();
    setSession(undefined);
  };
  useEffect(() => {
    const changed = () => setSession(readSession());
    addEventListener("storage", changed);
    return () => removeEventListener("storage", changed);
  }, []);
  if (session === undefined) return <SignIn onSignedIn={signIn} />;
  return <SignedIn key={session.token} session={session} onSignOut={signOut} />;
}

function SignedIn({ session, onSignOut }: { readonly session: Session; readonly onSignOut: () => void }) {
  const api = useMemo(() => new AdminApi(session.token), [session.token]);
  const first = useLoaded(() => api.admin.adminNow(), [api]);
  const { code } = (first.error ?? {}) as { readonly code?: unknown };
  useEffect(() => {
    if (code === "unauthorized") onSignOut();
  }, [code, onSignOut]);
  if (code === "forbidden") return <NotAdmin session={session} onSignOut={onSignOut} />;
  if (first.value === undefined) {
    return (
      <main class="alone">
        <h1>{say.title}</h1>
        {first.error === undefined ? <p role="status">{say.loading}</p> : <Failure {...first} />}
      </main>
    );
  }
  return (
    <Frame
      api={api}
      onSignOut={() =>
        void api.everybody
          .logout()
          .catch(() => undefined)
          .then(onSignOut)
      }
    />
  );
}

function Frame({ api, onSignOut }: { readonly api: AdminApi; readonly onSignOut: () => void }) {
  const route = useRoute();
  useEffect(() => {
    document.title = `${say.views[route.view]} – ${say.title}`;
  }, [route.view]);
  return (
    <div class="frame">
      <header class="top">
        <h1>Echoo</h1>
        <nav aria-label={say.title}>
          <ul>
            {viewNames.map((view) => (
              <li key={view}>
                <a
                  href={fragmentOf({ view, filters: {} })}
                  aria-current={view === route.view ? "page" : undefined}
                  data-testid={`view-${view}`}
                >
                  {say.views[view]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <button type="button" class="button plain compact" onClick={onSignOut} data-testid="sign-out">
          {say.signOut}
        </button>
      </header>
      <main data-testid={`shown-${route.view}`}>
        <View api={api} route={route} />
      </main>
    </div>
  );
}

function View({ api, route }: { readonly api: AdminApi; readonly route: Route }) {
  const { view, subject } = route;
  switch (view) {
    case "now":
      return <Now api={api} />;
    case "calls":
      return subject === undefined ? (
        <Calls api={api} route={route} />
      ) : (
        <OneCall key={subject} api={api} callId={subject} />
      );
    case "people":
      return subject === undefined ? (
        <People api={api} route={route} />
      ) : (
        <OnePerson key={subject} api={api} phone={subject} />
      );
    case "quality":
      return <Quality api={api} route={route} />;
    case "settings":
      return <Settings api={api} />;
    case "audit":
      return <Audit api={api} route={route} />;
  }
}
