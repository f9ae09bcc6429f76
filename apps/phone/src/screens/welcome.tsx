import { EchoCard } from "../parts/echo-card.tsx";
import { Overview } from "../parts/overview.tsx";
import { SecondPersonLink } from "../parts/second-person-link.tsx";
import { say } from "../sentences/say.ts";
import type { Line } from "../state/line.ts";

/** What stands beside home on a wide screen while nothing goes on. */
export function Welcome({ line }: { readonly line: Line }) {
  const { name, phone } = line.session;
  return (
    <section class="welcome" aria-labelledby="welcome-heading">
      <div class="welcome-column">
        <header>
          <h1 id="welcome-heading">{say.welcome.heading(name)}</h1>
          <p class="soft">
            {say.welcome.yourNumber} <strong class="figures">{phone}</strong>. {say.welcome.lead}
          </p>
        </header>
        <EchoCard desk={line.desk} wide />
        <Overview line={line} />
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
