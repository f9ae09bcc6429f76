import { echoUserId } from "@echoo/protocol";
import { useState } from "preact/hooks";
import { ago, count } from "../format/format.ts";
import { now } from "../platform.ts";
import { say } from "../sentences/say.ts";
import { sentenceFor } from "../sentences/sentence-for.ts";
import type { Contact } from "../state/api.ts";
import { useCell } from "../state/cell.ts";
import { dialled } from "../state/dialled.ts";
import type { Line } from "../state/line.ts";
import { AddContact } from "./add-contact.tsx";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { Problem } from "./problem.tsx";
import { Spinner } from "./spinner.tsx";

/** On a phone the recent calls have to be in sight below. */
const shownAtFirst = matchMedia("(min-width: 900px)").matches ? 5 : 3;

/** Who is known, those online first, each with a call a tap away. */
export function ContactList({ line }: { readonly line: Line }) {
  const { contacts, state } = useCell(line.directory.view);
  const presence = useCell(line.directory.presence);
  const { calls } = useCell(line.history.view);
  const [adding, setAdding] = useState(false);
  const [all, setAll] = useState(false);
  const [removed, setRemoved] = useState<Contact>();
  const [problem, setProblem] = useState<string>();
  const rank = (contact: Contact) => (presence.get(contact.phone)?.online ? 0 : 1);
  const sorted = [...contacts].sort((a, b) => rank(a) - rank(b));
  const shown = all ? sorted : sorted.slice(0, shownAtFirst);
  const remove = (contact: Contact) =>
    line.directory.remove(contact.phone).then(
      () => setRemoved(contact),
      (error) => setProblem(sentenceFor(error)),
    );
  return (
    <section class="list-section" aria-labelledby="contacts-heading">
      <div class="section-head">
        <h2 id="contacts-heading">{say.contacts.heading}</h2>
        {state === "loading" && <Spinner />}
        <button
          type="button"
          class="link-button"
          data-testid="add-contact"
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          <Icon name="plus" size={16} />
          {say.contacts.add}
        </button>
      </div>
      {adding && <AddContact directory={line.directory} onDone={() => setAdding(false)} />}
      <Problem text={problem} onClose={() => setProblem(undefined)} />
      {state === "failed" && (
        <Problem
          text={say.problem.contacts_failed}
          action={{ label: say.retry, run: () => void line.directory.reload() }}
        />
      )}
      <div role="status">
        {removed && (
          <p class="undo small">
            {say.contacts.removed(removed.name)}{" "}
            <button
              type="button"
              class="link-button"
              onClick={() => {
                setRemoved(undefined);
                line.directory.add(removed.phone, removed.name).catch((error) => setProblem(sentenceFor(error)));
              }}
            >
              {say.contacts.undo}
            </button>
          </p>
        )}
      </div>
      <ul class="rows" data-testid="contacts">
        {calls.length > 0 && <EchoRow line={line} />}
        {shown.map((contact) => (
          <ContactRow key={contact.phone} contact={contact} line={line} onRemove={() => void remove(contact)} />
        ))}
      </ul>
      {state === "ready" && contacts.length === 0 && !adding && <p class="empty">{say.contacts.empty}</p>}
      {contacts.length > shownAtFirst && (
        <button type="button" class="link-button more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? say.contacts.showFewer : say.contacts.showAll(count(contacts.length))}
        </button>
      )}
    </section>
  );
}

/** Somebody who always answers; no contact, so it carries none of their hooks. */
function EchoRow({ line }: { readonly line: Line }) {
  return (
    <li class="row">
      <button type="button" class="row-main" onClick={() => void line.desk.dial(echoUserId, { video: true })}>
        <Avatar userId={echoUserId} name={say.echo.name} />
        <span class="row-text">
          <span class="row-name cut">{say.echo.call}</span>
          <span class="row-sub cut">{say.echo.short}</span>
        </span>
      </button>
    </li>
  );
}

interface RowProps {
  readonly contact: Contact;
  readonly line: Line;
  readonly onRemove: () => void;
}

function ContactRow({ contact, line, onRemove }: RowProps) {
  const entry = useCell(line.directory.presence).get(contact.phone);
  const online = entry?.online ?? contact.online;
  const presence = !online ? "offline" : entry?.inCall ? "in-call" : "online";
  const words = { offline: say.contacts.offline, "in-call": say.contacts.inCall, online: say.contacts.online };
  const seen = !online && entry?.lastSeenAt ? say.contacts.lastSeen(ago(entry.lastSeenAt, now())) : undefined;
  const dial = (video: boolean) => void line.desk.dial(contact.phone, { video });
  return (
    <li class="row" data-testid="contact">
      <button
        type="button"
        class="row-main"
        title={say.contacts.choose(contact.name)}
        onClick={() => dialled.set(contact.phone)}
      >
        <Avatar userId={contact.phone} name={contact.name} presence={presence} />
        <span class="row-text">
          <span class="row-name cut">{contact.name}</span>
          <span class="row-sub cut figures">
            {contact.registered ? `${contact.phone} · ${seen ?? words[presence]}` : say.contacts.notRegistered}
          </span>
        </span>
      </button>
      <button
        type="button"
        class="icon-button row-quiet"
        aria-label={say.contacts.remove(contact.name)}
        onClick={onRemove}
      >
        <Icon name="trash" size={18} />
      </button>
      <button
        type="button"
        class="icon-button accent"
        aria-label={say.contacts.callAudio(contact.name)}
        onClick={() => dial(false)}
      >
        <Icon name="phone" size={20} />
      </button>
      <button
        type="button"
        class="icon-button accent"
        aria-label={say.contacts.callVideo(contact.name)}
        onClick={() => dial(true)}
      >
        <Icon name="video" size={20} />
      </button>
    </li>
  );
}
