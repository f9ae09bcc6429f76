import { ConnectionNote } from "../parts/connection-note.tsx";
import { ContactList } from "../parts/contact-list.tsx";
import { DialField } from "../parts/dial-field.tsx";
import { EchoCard } from "../parts/echo-card.tsx";
import { HomeHeader } from "../parts/home-header.tsx";
import { Icon } from "../parts/icon.tsx";
import { InsecureNote } from "../parts/insecure-note.tsx";
import { Problem } from "../parts/problem.tsx";
import { RecentList } from "../parts/recent-list.tsx";
import { say } from "../sentences/say.ts";
import { useCell } from "../state/cell.ts";
import type { Line } from "../state/line.ts";
import type { Phone } from "../state/phone.ts";

export function Home({ phone, line }: { readonly phone: Phone; readonly line: Line }) {
  const { desk } = line;
  const status = useCell(line.status);
  const notice = useCell(desk.notice);
  const problem = useCell(desk.problem);
  const lineProblem = useCell(line.problem);
  const { calls, state } = useCell(line.history.view);
  return (
    <div class="home">
      <HomeHeader phone={phone} line={line} />
      <div class="home-body">
        <InsecureNote />
        <ConnectionNote status={status} />
        <Problem text={lineProblem} action={{ label: say.problem.reload, run: () => location.reload() }} />
        <Problem text={problem} onClose={() => desk.problem.set(undefined)} />
        <div role="status">
          {notice && (
            <div class="note calm" data-testid="notice">
              <Icon name="info" size={20} />
              <div>{notice}</div>
              <button
                type="button"
                class="icon-button tiny"
                aria-label={say.close}
                onClick={() => desk.notice.set(undefined)}
              >
                <Icon name="close" size={18} />
              </button>
            </div>
          )}
        </div>
        <DialField line={line} />
        {state === "ready" && calls.length === 0 && (
          <div class="first-minute">
            <EchoCard desk={desk} />
          </div>
        )}
        <ContactList line={line} />
        <RecentList line={line} />
      </div>
    </div>
  );
}
