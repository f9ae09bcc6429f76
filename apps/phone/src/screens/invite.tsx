import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { NewInvitation } from "../components/account/new-invitation.tsx";
import { Field } from "../components/basics/field.tsx";
import { Problem } from "../components/basics/problem.tsx";
import { ScreenHead } from "../components/basics/screen-head.tsx";
import { Spinner } from "../components/basics/spinner.tsx";
import { useNumber } from "../components/basics/use-number.ts";
import { say } from "../i18n/say.ts";
import { sentenceFor } from "../i18n/sentence-for.ts";
import type { MadeInvitation } from "../state/api.ts";
import type { AppSession } from "../state/app-session.ts";

/** An administrator makes an invitation, for a number or for any new user, and gets its link and QR code. */
export function Invite({ appSession }: { readonly appSession: AppSession }) {
  const form = useInvite(appSession);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <section class="details invite" aria-labelledby="invite-heading">
      <ScreenHead id="invite-heading" text={say.invite.heading} heading={heading} />
      <div>
        {form.made ? (
          <NewInvitation made={form.made} onAnother={form.again} />
        ) : (
          <form class="invite-form" noValidate onSubmit={form.submit} aria-busy={form.busy}>
            <p class="soft">{say.invite.lead}</p>
            <Field
              label={say.invite.number}
              aside={say.signIn.optional}
              hint={say.invite.numberHint}
              onText={form.number.set}
              problem={form.number.problem}
              value={form.number.text}
              kind="phone"
              own={false}
              hook="invite-number"
            />
            <Field
              label={say.invite.name}
              aside={say.signIn.optional}
              onText={form.setName}
              value={form.name}
              kind="name"
              own={false}
              hook="invite-name"
            />
            <Problem text={form.problem} />
            <button type="submit" class="button primary" data-testid="invite-make" aria-disabled={form.busy}>
              {form.busy && <Spinner />}
              {form.busy ? say.invite.making : say.invite.make}
            </button>
          </form>
        )}
      </div>
    </section>
  );
}

function useInvite(appSession: AppSession) {
  const number = useNumber();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [made, setMade] = useState<MadeInvitation>();

  async function make(): Promise<void> {
    const phone = number.text.trim() === "" ? undefined : number.read();
    if (phone === undefined && number.text.trim() !== "") return;
    setBusy(true);
    setProblem(undefined);
    try {
      setMade(await appSession.api.invite(phone, name.trim() || undefined));
    } catch (error) {
      setProblem(sentenceFor(error));
    } finally {
      setBusy(false);
    }
  }

  return {
    number,
    name,
    busy,
    problem,
    made,
    setName,
    again: () => {
      setMade(undefined);
      number.set("");
      setName("");
    },
    submit: (event: Event) => {
      event.preventDefault();
      if (!busy) void make();
    },
  };
}
