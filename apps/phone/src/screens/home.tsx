import { HomeHeader } from "../components/account/home-header.tsx";
import { InsecureNote } from "../components/account/insecure-note.tsx";
import { Icon } from "../components/basics/icon.tsx";
import { Problem } from "../components/basics/problem.tsx";
import { ConnectionNote } from "../components/call/connection-note.tsx";
import { ContactList } from "../components/people/contact-list.tsx";
import { DialField } from "../components/people/dial-field.tsx";
import { EchoCard } from "../components/people/echo-card.tsx";
import { RecentList } from "../components/recents/recent-list.tsx";
import { say } from "../i18n/say.ts";
import type { AppSession } from "../state/app-session.ts";
import { useCell } from "../state/cell.ts";
import type { Phone } from "../state/phone.ts";

export function Home({ phone, appSession }: { readonly phone: Phone; readonly appSession: AppSession }) {
  const { controller } = appSession;
  const status = useCell(appSession.status);
  const problem = useCell(controller.problem);
  const rings = useCell(appSession.closedRings);
  const appProblem = useCell(appSession.problem);
  const { calls, state } = useCell(appSession.history.view);
  return (
    <div class="home">
      <HomeNotice controller={controller} />
      <HomeHeader phone={phone} appSession={appSession} />
      <div class="home-body">
        <InsecureNote />
        <ConnectionNote status={status} />
        <Problem text={appProblem} action={{ label: say.problem.reload, run: () => location.reload() }} />
        <Problem text={problem} onClose={() => controller.problem.set(undefined)} />
        {rings && <rings.Ask rings={rings} />}
        <DialField appSession={appSession} />
        {state === "ready" && calls.length === 0 && (
          <div class="first-minute">
            <EchoCard controller={controller} />
          </div>
        )}
        <ContactList appSession={appSession} />
        <RecentList appSession={appSession} />
      </div>
    </div>
  );
}

/** What became of a ring stands over the head of the page: it moves and covers nothing that can be pressed. */
function HomeNotice({ controller }: Pick<AppSession, "controller">) {
  const notice = useCell(controller.notice);
  return (
    <div role="status" class="home-notice">
      {notice && (
        <div class="note calm" data-testid="notice">
          <Icon name="info" size={20} />
          <div>{notice}</div>
          <button
            type="button"
            class="icon-button tiny"
            aria-label={say.close}
            onClick={() => controller.notice.set(undefined)}
          >
            <Icon name="close" size={18} />
          </button>
        </div>
      )}
    </div>
  );
}
