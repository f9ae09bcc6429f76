import { echoUserId, type PresenceEntry } from "@echoo/protocol";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ago } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { now } from "../../platform.ts";
import type { Contact } from "../../state/api.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { dialled } from "../../state/dialled.ts";
import { Avatar } from "../basics/avatar.tsx";
import { Icon, type IconName } from "../basics/icon.tsx";
import { useDismiss } from "../basics/use-dismiss.ts";
import { ContactMenu } from "./contact-menu.tsx";
import { RenameContact } from "./rename-contact.tsx";

interface RowProps {
  readonly contact: Contact;
  readonly appSession: AppSession;
  readonly onBlock: (on: boolean) => void;
  readonly onRemove: () => void;
}

/** A contact: a tap puts the number into the dial field, two buttons call at once, and a menu has what is rare. */
export function ContactRow({ contact, appSession, onBlock, onRemove }: RowProps) {
  const { phone, name } = contact;
  const { directory } = appSession;
  const blocked = useCell(directory.blocked).has(phone);
  const favourite = useCell(directory.favourites.view).has(phone);
  const known = presenceOf(contact, useCell(directory.presence).get(phone));
  const presence = blocked ? { state: undefined, words: say.contacts.blocked } : known;
  const [renaming, setRenaming] = useState(false);
  const [open, setOpen] = useState(false);
  const id = useId();
  const { button, giveBack } = useFocusBack();
  useDismiss(open, () => {
    setOpen(false);
    giveBack();
  });
  if (renaming) {
    return (
      <li>
        <RenameContact contact={contact} directory={directory} onDone={() => setRenaming(false)} />
      </li>
    );
  }
  const dial = (video: boolean) => void appSession.controller.dial(phone, { video });
  return (
    <li class="row" data-testid="contact" data-phone={phone}>
      <button type="button" class="row-main" title={say.contacts.choose(name)} onClick={() => dialled.set(phone)}>
        <Avatar userId={phone} name={name} presence={presence.state} />
        <ContactText contact={contact} words={presence.words} favourite={favourite} />
      </button>
      <RowButton icon="phone" label={say.contacts.callAudio(name)} onClick={() => dial(false)} />
      <RowButton icon="video" label={say.contacts.callVideo(name)} onClick={() => dial(true)} />
      <button
        ref={button}
        type="button"
        class="icon-button"
        data-testid="contact-menu"
        aria-label={say.contacts.menu(name)}
        aria-expanded={open}
        aria-controls={`${id}-menu`}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" size={20} class="dots" />
      </button>
      {open && (
        <ContactMenu
          id={`${id}-menu`}
          contact={contact}
          appSession={appSession}
          onDone={() => {
            setOpen(false);
            giveBack();
          }}
          onRename={() => setRenaming(true)}
          onBlock={onBlock}
          onRemove={onRemove}
        />
      )}
    </li>
  );
}

/** Where the focus goes once a menu, or what was chosen there, is done and drawn: to the button that opened it. */
function useFocusBack() {
  const button = useRef<HTMLButtonElement>(null);
  const wanted = useRef(false);
  useLayoutEffect(() => {
    if (!wanted.current || !button.current) return;
    wanted.current = false;
    button.current.focus();
  });
  const giveBack = () => {
    wanted.current = true;
  };
  return { button, giveBack };
}

interface ContactTextProps {
  readonly contact: Contact;
  readonly words: string | undefined;
  readonly favourite: boolean;
}

function ContactText({ contact, words, favourite }: ContactTextProps) {
  const { phone, name } = contact;
  return (
    <span class="row-text">
      <span class="row-name">
        <span class="cut" dir="auto">
          {name}
        </span>
        {favourite && (
          <>
            <Icon name="star" size={14} class="star" />
            <span class="unseen">{say.contacts.isFavourite}</span>
          </>
        )}
      </span>
      <span class="row-sub cut figures">{[phone, words].filter(Boolean).join(" · ")}</span>
    </span>
  );
}

interface RowButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
}

export function RowButton({ icon, label, onClick }: RowButtonProps) {
  return (
    <button type="button" class="icon-button accent" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} size={20} />
    </button>
  );
}

interface Presence {
  /** Absent where the contact does not show it. */
  readonly state: "online" | "in-call" | "offline" | undefined;
  readonly words: string | undefined;
}

function presenceOf(contact: Contact, entry: PresenceEntry | undefined): Presence {
  const online = entry?.online ?? contact.online;
  if (!contact.registered) return { state: undefined, words: say.contacts.notRegistered };
  if (online === undefined) return { state: undefined, words: undefined };
  if (online) {
    return entry?.inCall
      ? { state: "in-call", words: say.contacts.inCall }
      : { state: "online", words: say.contacts.online };
  }
  const seenAtMs = entry?.lastSeenAt;
  return {
    state: "offline",
    words: seenAtMs === undefined ? say.contacts.offline : say.contacts.lastSeen(ago(seenAtMs, now())),
  };
}

/** The test number, which always answers. It is no contact, so it has none of the test ids of one. */
export function EchoRow({ appSession }: { readonly appSession: AppSession }) {
  return (
    <li class="row">
      <button
        type="button"
        class="row-main"
        onClick={() => void appSession.controller.dial(echoUserId, { video: true })}
      >
        <Avatar userId={echoUserId} name={say.echo.name} />
        <span class="row-text">
          <span class="row-name cut">{say.echo.call}</span>
          <span class="row-sub cut">{say.echo.short}</span>
        </span>
      </button>
    </li>
  );
}
