import { EchooRest } from "@echoo/client";
import { useState } from "preact/hooks";
import { say, sentenceFor } from "../i18n/words.ts";
import type { Session } from "../state/session.ts";

/** The phone's sign-in: a number, and a code or an invitation where one is asked for. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }) {
  const [challenge, setChallenge] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const given = (name: string) => String(data.get(name) ?? "").trim() || undefined;
    setBusy(true);
    setProblem(undefined);
    try {
      const [phone = "", otp, invite] = [given("phone"), given("otp"), given("invite")];
      const proof = { ...(otp && { otp }), ...(invite && { invite }), ...(challenge && otp && { challenge }) };
      const done = await new EchooRest().register({ body: { phone, device: "dashboard", ...proof } });
      if ("token" in done) onSignedIn({ phone: done.user.phone, name: done.user.displayName, token: done.token });
      else setChallenge(done.challenge);
    } catch (error) {
      const { message } = error as { readonly message?: string };
      setProblem(message ?? sentenceFor(error));
    }
    setBusy(false);
  };
  return (
    <main class="alone stack" data-testid="sign-in-page">
      <h1>{say.title}</h1>
      <p class="soft">{say.signIn.intro}</p>
      <form class="stack" onSubmit={(event) => void send(event)}>
        <label class="field">
          {say.signIn.phone}
          <input name="phone" type="tel" autocomplete="tel" required data-testid="phone-input" />
        </label>
        {challenge !== undefined && (
          <label class="field">
            {say.signIn.code}
            <input name="otp" inputMode="numeric" autocomplete="one-time-code" data-testid="code-input" />
          </label>
        )}
        <label class="field">
          {say.signIn.invite}
          <input name="invite" autocomplete="off" data-testid="invite-input" />
        </label>
        {problem !== undefined && (
          <p class="note bad" role="alert" data-testid="error">
            {problem}
          </p>
        )}
        <button type="submit" class="button primary" aria-disabled={isBusy} data-testid="sign-in">
          {say.signIn.go}
        </button>
      </form>
    </main>
  );
}
