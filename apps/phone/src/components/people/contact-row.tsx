import { echoUserId, type PresenceEntry } from "@echoo/protocol";
import { ago } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { now } from "../../platform.ts";
import type { Contact } from "../../state/api.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { dialled } from "../../state/dialled.ts";
import { Avatar } from "../basics/avatar.tsx";
import { Icon, type IconName } from "../basics/icon.tsx";

interface RowProps {
  readonly contact: Contact;
  readonly appSession: AppSession;
  readonly onRemove: () => void;
}

/** A contact: a tap puts the number into the dial field, two buttons call at once. */
export function ContactRow({ contact, appSession, onRemove }: RowProps) {
  const { phone, name } = contact;
  const presence = presenceOf(contact, useCell(appSession.directory.presence).get(phone));
  const dial = (video: boolean) => void appSession.controller.dial(phone, { video });
  return (
    <li class="row" data-testid="contact">
      <button type="button" class="row-main" title={say.contacts.choose(name)} onClick={() => dialled.set(phone)}>
        <Avatar userId={phone} name={name} presence={presence.state} />
        <span class="row-text">
          <span class="row-name cut">{name}</span>
          <span class="row-sub cut figures">
            {[contact.registered ? phone : undefined, presence.words].filter(Boolean).join(" · ")}
          </span>
        </span>
      </button>
      <RowButton icon="trash" label={say.contacts.remove(name)} onClick={onRemove} quiet />
      <RowButton icon="phone" label={say.contacts.callAudio(name)} onClick={() => dial(false)} />
      <RowButton icon="video" label={say.contacts.callVideo(name)} onClick={() => dial(true)} />
    </li>
  );
}

interface RowButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly quiet?: boolean;
  readonly onClick: () => void;
}

function RowButton({ icon, label, quiet = false, onClick }: RowButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${quiet ? "row-quiet" : "accent"}`}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} size={quiet ? 18 : 20} />
    </button>
  );
}

interface Presence {
  /** Absent where somebody does not show it. */
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

/** Somebody who always answers; no contact, so it carries none of their hooks. */
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
