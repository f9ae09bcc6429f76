import { Avatar } from "../components/basics/avatar.tsx";
import { EchoCard } from "../components/people/echo-card.tsx";
import { Overview } from "../components/people/overview.tsx";
import { SecondPersonLink } from "../components/people/second-person-link.tsx";
import { say } from "../i18n/say.ts";
import type { AppSession } from "../state/app-session.ts";
import { useCell } from "../state/cell.ts";

/** What stands beside home on a wide screen while nothing goes on. */
export function Welcome({ appSession }: { readonly appSession: AppSession }) {
  const { name, phone } = appSession.session;
  const { calls, state } = useCell(appSession.history.view);
  const isNew = state === "ready" && calls.length === 0;
  return (
    <section class="welcome" aria-labelledby="welcome-heading">
      <div class="welcome-column">
        <header class="welcome-who">
          <Avatar userId={phone} name={name} large />
          <h1 id="welcome-heading">{say.welcome.heading(name)}</h1>
          <p class="soft">
            {say.welcome.yourNumber} <strong class="figures">{phone}</strong>. {say.welcome.lead}
          </p>
        </header>
        <Overview appSession={appSession} />
        <EchoCard controller={appSession.controller} wide />
        {isNew && (
          <section class="try" aria-labelledby="try-heading">
            <h2 id="try-heading">{say.welcome.steps}</h2>
            <ol class="steps">
              <li>
                <SecondPersonLink phone={phone} />
              </li>
              <li>{say.welcome.stepTwo}</li>
              <li>{say.welcome.stepThree}</li>
            </ol>
          </section>
        )}
      </div>
    </section>
  );
}
