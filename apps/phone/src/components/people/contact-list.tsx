import { useEffect, useRef, useState } from "preact/hooks";
import { count } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { sentenceFor } from "../../i18n/sentence-for.ts";
import type { Contact } from "../../state/api.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import type { Directory } from "../../state/directory.ts";
import { Icon } from "../basics/icon.tsx";
import { Problem } from "../basics/problem.tsx";
import { Spinner } from "../basics/spinner.tsx";
import { AddContact } from "./add-contact.tsx";
import { ContactRow, EchoRow } from "./contact-row.tsx";

/** On a phone the recent calls have to be in sight below. */
const shownAtFirst = matchMedia("(min-width: 900px)").matches ? 5 : 3;

/** Who is known, those online first, each with a call a tap away. */
export function ContactList({ appSession }: { readonly appSession: AppSession }) {
  const { contacts, state } = useCell(appSession.directory.view);
  const [adding, setAdding] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const onAdded = () => {
    setAdding(false);
    opener.current?.focus();
  };
  return (
    <section class="list-section" aria-labelledby="contacts-heading">
      <div class="section-head">
        <h2 id="contacts-heading">{say.contacts.heading}</h2>
        {state === "loading" && <Spinner />}
        <button
          ref={opener}
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
      {adding && <AddContact directory={appSession.directory} onDone={onAdded} />}
      {state === "failed" && (
        <Problem
          text={say.problem.contacts_failed}
          action={{ label: say.retry, run: () => void appSession.directory.reload() }}
        />
      )}
      <Rows appSession={appSession} />
      {state === "ready" && contacts.length === 0 && !adding && <p class="empty">{say.contacts.empty}</p>}
    </section>
  );
}

function Rows({ appSession }: { readonly appSession: AppSession }) {
  const { calls } = useCell(appSession.history.view);
  const [all, setAll] = useState(false);
  const { problem, setProblem, removed, news, change, block } = useChanges(appSession.directory);
  const sorted = useSorted(appSession.directory);
  const shown = all ? sorted : sorted.slice(0, shownAtFirst);
  const list = useWatchedInView(appSession.directory, shown);
  const undo = useRef<HTMLButtonElement>(null);
  // The focus was in the row that is gone; what takes the removal back is next to it.
  useEffect(() => {
    if (removed && document.activeElement === document.body) undo.current?.focus();
  }, [removed]);
  return (
    <>
      <Problem text={problem} onClose={() => setProblem(undefined)} />
      <div role="status">
        {news && <p class="undo small">{news}</p>}
        {removed && (
          <p class="undo small">
            {say.contacts.removed(removed.name)}{" "}
            <button ref={undo} type="button" class="link-button" onClick={() => void change(removed, true)}>
              {say.contacts.undo}
            </button>
          </p>
        )}
      </div>
      <ul ref={list} class="rows" data-testid="contacts">
        {/* Before the first call, a card says the same at more length. */}
        {calls.length > 0 && <EchoRow appSession={appSession} />}
        {shown.map((contact) => (
          <ContactRow
            key={contact.phone}
            contact={contact}
            appSession={appSession}
            onBlock={(on) => void block(contact, on)}
            onRemove={() => void change(contact, false)}
          />
        ))}
      </ul>
      {sorted.length > shownAtFirst && (
        <button type="button" class="link-button more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? say.contacts.showFewer : say.contacts.showAll(count(sorted.length))}
        </button>
      )}
    </>
  );
}

/** Follows the presence of those whose rows come into view: there are more contacts than can be followed at once. */
function useWatchedInView({ watched }: Directory, shown: readonly Contact[]) {
  const list = useRef<HTMLUListElement>(null);
  const numbers = shown.map(({ phone }) => phone).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are others with other numbers.
  useEffect(() => {
    const observer = new IntersectionObserver((rows) => {
      const seen = rows.filter(({ isIntersecting }) => isIntersecting);
      watched.add(seen.flatMap(({ target }) => (target as HTMLElement).dataset.phone ?? []));
    });
    for (const row of list.current?.querySelectorAll("[data-phone]") ?? []) observer.observe(row);
    return () => observer.disconnect();
  }, [watched, numbers]);
  return list;
}

/** Favourites first, and of both kinds those who are online. */
function useSorted(directory: Directory): readonly Contact[] {
  const { contacts } = useCell(directory.view);
  const presence = useCell(directory.presence);
  const favourites = useCell(directory.favourites.view);
  const rank = ({ phone, online }: Contact) =>
    (favourites.has(phone) ? 0 : 2) + ((presence.get(phone)?.online ?? online) ? 0 : 1);
  return [...contacts].sort((a, b) => rank(a) - rank(b));
}

/** What is done to contacts, and what is said of it. */
function useChanges(directory: Directory) {
  const [removed, setRemoved] = useState<Contact>();
  const [problem, setProblem] = useState<string>();
  const [news, setNews] = useState<string>();

  async function change(contact: Contact, present: boolean): Promise<void> {
    try {
      await (present ? directory.add(contact.phone, contact.name) : directory.remove(contact.phone));
      setRemoved(present ? undefined : contact);
      setNews(undefined);
    } catch (error) {
      setProblem(sentenceFor(error));
    }
  }

  async function block({ phone, name }: Contact, on: boolean): Promise<void> {
    try {
      await directory.setBlocked(phone, on);
      setRemoved(undefined);
      setNews(on ? say.contacts.isBlocked(name) : say.contacts.isUnblocked(name));
    } catch (error) {
      setProblem(sentenceFor(error));
    }
  }

  return { problem, setProblem, removed, news, change, block };
}
