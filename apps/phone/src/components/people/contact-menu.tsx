import { say } from "../../i18n/say.ts";
import type { Contact } from "../../state/api.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { Icon, type IconName } from "../basics/icon.tsx";

interface ContactMenuProps {
  readonly id: string;
  readonly contact: Contact;
  readonly appSession: AppSession;
  /** Something was chosen. */
  readonly onDone: () => void;
  readonly onRename: () => void;
  readonly onBlock: (on: boolean) => void;
  readonly onRemove: () => void;
}

/** What is done to a contact now and then, under its row. */
export function ContactMenu({ id, contact, appSession, onDone, onRename, onBlock, onRemove }: ContactMenuProps) {
  const { phone, name } = contact;
  const { favourites, blocked: blocks } = appSession.directory;
  const favourite = useCell(favourites.view).has(phone);
  const blocked = useCell(blocks).has(phone);
  const items: readonly [IconName, string, string, () => void][] = [
    ["edit", "contact-rename", say.contacts.rename, onRename],
    [
      "star",
      "contact-favourite",
      favourite ? say.contacts.unfavourite : say.contacts.favourite,
      () => favourites.set(phone, !favourite),
    ],
    ["block", "contact-block", blocked ? say.contacts.unblock : say.contacts.block, () => onBlock(!blocked)],
    ["trash", "contact-remove", say.contacts.remove, onRemove],
  ];
  return (
    <fieldset class="row-menu" id={id} aria-label={say.contacts.menu(name)}>
      {items.map(([icon, hook, label, run]) => (
        <button
          key={hook}
          type="button"
          class={`row-menu-item${hook === "contact-remove" ? " danger" : ""}`}
          data-testid={hook}
          onClick={() => {
            onDone();
            run();
          }}
        >
          <Icon name={icon} size={20} />
          {label}
        </button>
      ))}
    </fieldset>
  );
}
