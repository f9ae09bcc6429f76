import { EchoCard } from "../components/people/echo-card.tsx";
import { Overview } from "../components/people/overview.tsx";
import { SecondPersonLink } from "../components/people/second-person-link.tsx";
import { say } from "../i18n/say.ts";
import type { AppSession } from "../state/app-session.ts";

/** What stands beside home on a wide screen while nothing goes on. */
export function Welcome({ appSession }: { readonly appSession: AppSession }) {
  const { name, phone } = appSession.session;
  return (
    <section class="welcome" aria-labelledby="welcome-heading">
      <div class="welcome-column">
        <header>
          <h1 id="welcome-heading">{say.welcome.heading(name)}</h1>
          <p class="soft">
            {say.welcome.yourNumber} <strong class="figures">{phone}</strong>. {say.welcome.lead}
          </p>
        </header>
        <EchoCard controller={appSession.controller} wide />
        <Overview appSession={appSession} />
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
      </div>
    </section>
  );
}
