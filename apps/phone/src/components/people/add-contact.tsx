import { normalisePhone } from "@echoo/protocol";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { say } from "../../i18n/say.ts";
import { sentenceFor } from "../../i18n/sentence-for.ts";
import { dialled } from "../../state/dialled.ts";
import type { Directory } from "../../state/directory.ts";
import { Field } from "../basics/field.tsx";
import { Problem } from "../basics/problem.tsx";
import { Spinner } from "../basics/spinner.tsx";
import { useNumber } from "../basics/use-number.ts";

interface AddContactProps {
  readonly directory: Directory;
  readonly onDone: () => void;
}

const isEscape = ({ key }: KeyboardEvent) => key === "Escape";

/** Number and name of a new contact; a number that was just dialled is filled in. */
export function AddContact({ directory, onDone }: AddContactProps) {
  const phone = useNumber(normalisePhone(dialled.value));
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector("input")?.focus(), []);

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const number = phone.read();
    if (number === undefined) return;
    try {
      setBusy(true);
      await directory.add(number, name.trim() || undefined);
      onDone();
    } catch (error) {
      setProblem(sentenceFor(error));
      setBusy(false);
    }
  }

  return (
    <form class="add-contact" ref={form} noValidate onSubmit={save} onKeyDown={(event) => isEscape(event) && onDone()}>
      <Field
        label={say.contacts.number}
        onText={phone.set}
        problem={phone.problem}
        value={phone.text}
        kind="phone"
        own={false}
        hook="contact-number"
      />
      <Field
        label={say.contacts.name}
        aside={say.signIn.optional}
        onText={setName}
        value={name}
        kind="name"
        own={false}
        hook="contact-name"
      />
      <Problem text={problem} />
      <div class="add-actions">
        <button type="submit" class="button primary compact" data-testid="contact-save" aria-disabled={busy}>
          {busy && <Spinner />}
          {busy ? say.contacts.saving : say.contacts.save}
        </button>
        <button type="button" class="button compact" onClick={onDone}>
          {say.contacts.cancel}
        </button>
      </div>
    </form>
  );
}
