import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { say } from "../../i18n/say.ts";
import { sentenceFor } from "../../i18n/sentence-for.ts";
import type { Contact } from "../../state/api.ts";
import type { Directory } from "../../state/directory.ts";
import { Field } from "../basics/field.tsx";
import { Problem } from "../basics/problem.tsx";

interface RenameContactProps {
  readonly contact: Contact;
  readonly directory: Directory;
  readonly onDone: () => void;
}

/** Stands in the place of the contact's row until it is saved or left. */
export function RenameContact({ contact, directory, onDone }: RenameContactProps) {
  const [name, setName] = useState(contact.name);
  const [problem, setProblem] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector("input")?.select(), []);
  async function save(event: Event): Promise<void> {
    event.preventDefault();
    try {
      await directory.add(contact.phone, name.trim() || undefined);
      onDone();
    } catch (error) {
      setProblem(sentenceFor(error));
    }
  }
  return (
    <form
      class="add-contact"
      ref={form}
      noValidate
      onSubmit={save}
      onKeyDown={(event) => event.key === "Escape" && onDone()}
    >
      <Field
        label={say.contacts.newName(contact.name)}
        onText={setName}
        value={name}
        kind="name"
        own={false}
        hook="contact-new-name"
      />
      <Problem text={problem} />
      <div class="add-actions">
        <button type="submit" class="button primary compact" data-testid="contact-new-name-save">
          {say.contacts.save}
        </button>
        <button type="button" class="button compact" onClick={onDone}>
          {say.contacts.cancel}
        </button>
      </div>
    </form>
  );
}
