import { plainDigits } from "@echoo/protocol";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { InsecureNote } from "../components/account/insecure-note.tsx";
import { InvitationNote } from "../components/account/invitation-note.tsx";
import { Field } from "../components/basics/field.tsx";
import { Icon } from "../components/basics/icon.tsx";
import { Logo } from "../components/basics/logo.tsx";
import { Problem } from "../components/basics/problem.tsx";
import { Spinner } from "../components/basics/spinner.tsx";
import { useNumber } from "../components/basics/use-number.ts";
import { say } from "../i18n/say.ts";
import { sentenceFor } from "../i18n/sentence-for.ts";
import { useCell } from "../state/cell.ts";
import type { Phone } from "../state/phone.ts";

/** Number and name; a code only where the server asks for one. */
export function SignIn({ phone }: { readonly phone: Phone }) {
  const form = useSignIn(phone);
  const notice = useCell(phone.notice);
  useEffect(() => {
    document.title = say.app;
  }, []);
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <header class="brand">
          <Logo size={44} />
          <div>
            <h1>{say.app}</h1>
            <p class="soft">{say.signIn.lead}</p>
          </div>
        </header>
        <InsecureNote />
        <InvitationNote invitation={phone.invitation} />
        <form class="sign-in-form" onSubmit={form.submit} noValidate aria-busy={form.busy}>
          {form.awaitingCode ? <CodeStep form={form} /> : <NumberStep form={form} />}
          <Problem text={form.problem ?? (form.busy ? undefined : notice)} />
          <button class="button primary" type="submit" data-testid="sign-in" aria-disabled={form.busy}>
            {form.busy && <Spinner />}
            {form.busy ? say.signIn.submitting : form.awaitingCode ? say.signIn.confirm : say.signIn.submit}
          </button>
        </form>
      </div>
    </main>
  );
}

type Form = ReturnType<typeof useSignIn>;

function NumberStep({ form }: { readonly form: Form }) {
  return (
    <>
      <Field
        label={say.signIn.number}
        hint={say.signIn.numberHint}
        onText={form.number.set}
        problem={form.number.problem}
        value={form.number.text}
        fixed={form.isNumberFixed}
        kind="phone"
        hook="phone-input"
      />
      <Field
        label={say.signIn.name}
        aside={say.signIn.optional}
        hint={say.signIn.nameHint}
        onText={form.setName}
        value={form.name}
        kind="name"
        hook="name-input"
      />
    </>
  );
}

function CodeStep({ form }: { readonly form: Form }) {
  const field = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => field.current?.querySelector("input")?.focus(), []);
  return (
    <div ref={field} class="code-step">
      <p role="status">{say.signIn.codeSent(form.number.text)}</p>
      <Field
        label={say.signIn.code}
        hint={form.codeIsShown ? say.signIn.codeShown : say.signIn.codeHint}
        onText={form.setCode}
        value={form.code}
        kind="code"
        hook="code-input"
      />
      <button type="button" class="link-button" onClick={form.back}>
        <Icon name="back" size={16} class="flips" />
        {say.signIn.otherNumber}
      </button>
    </div>
  );
}

function useSignIn(phone: Phone) {
  const number = useNumber(phone.keeper.as);
  const [name, setName] = useState("");
  const [code, setCode] = useState("");
  const [awaitingCode, setAwaitingCode] = useState(false);
  const [codeIsShown, setCodeIsShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const invited = useCell(phone.invitation.view);
  const invitedAs = invited.state === "good" ? invited.phone : undefined;
  const invitedName = invited.state === "good" ? invited.displayName : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the invitation alone fills the field in.
  useEffect(() => {
    if (invitedAs !== undefined) number.set(invitedAs);
    if (invitedName !== undefined) setName((typed) => typed || invitedName);
  }, [invitedAs, invitedName]);

  async function send(): Promise<void> {
    const digits = number.read();
    if (digits === undefined) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const asked = await phone.signIn({
        phone: digits,
        ...(name.trim() === "" ? {} : { displayName: name.trim() }),
        ...(awaitingCode ? { otp: plainDigits(code).replace(/\P{Nd}/gu, "") } : {}),
      });
      if (asked) {
        setCode(asked.devOtp ?? "");
        setCodeIsShown(asked.devOtp !== undefined);
        setAwaitingCode(true);
      }
    } catch (error) {
      if (!phone.invitation.refuse(error)) setProblem(sentenceFor(error));
    } finally {
      setBusy(false);
    }
  }

  return {
    number,
    name,
    code,
    isNumberFixed: invitedAs !== undefined,
    awaitingCode,
    codeIsShown,
    busy,
    problem,
    setName,
    setCode,
    back: () => setAwaitingCode(false),
    submit: (event: Event) => {
      event.preventDefault();
      if (!busy) void send();
    },
  };
}
