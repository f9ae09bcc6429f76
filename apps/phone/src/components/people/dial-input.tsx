import type { RefObject } from "preact";
import { useId, useState } from "preact/hooks";
import { say } from "../../i18n/say.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { dialled } from "../../state/dialled.ts";
import { Avatar } from "../basics/avatar.tsx";
import { Icon } from "../basics/icon.tsx";
import { type Suggestion, suggestionsFor } from "./suggestions.ts";

interface DialInputProps {
  readonly appSession: AppSession;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly onChange: () => void;
  readonly problem: string | undefined;
  /** People whom the text means alike; they are listed until one is chosen. */
  readonly choices: readonly Suggestion[] | undefined;
}

/** The dial field; a list of people whom the text may mean opens under it while one types. */
export function DialInput({ appSession, inputRef, onChange, problem, choices }: DialInputProps) {
  const id = useId();
  const text = useCell(dialled);
  const list = useSuggestions({ appSession, text, choices, onChange });
  const { matches, marked } = list;
  return (
    <div class="dial-box">
      <label class="unseen" for={`${id}-input`}>
        {say.home.dial}
      </label>
      <input
        ref={inputRef}
        id={`${id}-input`}
        class="input dial-input"
        data-testid="dial-input"
        role="combobox"
        aria-expanded={matches.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={matches[marked] ? `${id}-${marked}` : undefined}
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        autoComplete="off"
        spellcheck={false}
        enterKeyHint="go"
        maxLength={64}
        placeholder={say.home.dialPlaceholder}
        value={text}
        onInput={(event) => {
          dialled.set(event.currentTarget.value);
          list.show();
          onChange();
        }}
        onKeyDown={list.onKeyDown}
        onBlur={list.hide}
      />
      {text !== "" && (
        <button
          type="button"
          class="icon-button dial-clear"
          aria-label={say.home.clear}
          onClick={() => {
            list.choose("");
            inputRef.current?.focus();
          }}
        >
          <Icon name="close" size={18} />
        </button>
      )}
      {matches.length > 0 && <SuggestionList id={id} matches={matches} marked={marked} onChoose={list.choose} />}
      {problem && (
        <p class="field-problem" id={`${id}-problem`} role="alert" data-testid="error">
          {problem}
        </p>
      )}
    </div>
  );
}

interface SuggestionListProps {
  readonly id: string;
  readonly matches: readonly Suggestion[];
  readonly marked: number;
  readonly onChoose: (phone: string) => void;
}

function SuggestionList({ id, matches, marked, onChoose }: SuggestionListProps) {
  return (
    <div class="suggestions" id={`${id}-list`} role="listbox" aria-label={say.home.suggestions}>
      {matches.map((match, index) => (
        <div
          key={match.phone}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === marked}
          class="suggestion"
          // The field keeps the focus, and a press that began elsewhere chooses nothing.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(match.phone)}
          onKeyDown={(event) => event.key === "Enter" && onChoose(match.phone)}
        >
          <Avatar userId={match.phone} name={match.name} />
          <span class="cut" dir="auto">
            {match.name}
          </span>
          {match.name !== match.phone && <span class="soft small figures">{match.phone}</span>}
        </div>
      ))}
    </div>
  );
}

/** Which suggestions are shown and which is marked, by keyboard and text. */
function useSuggestions({
  appSession,
  text,
  choices,
  onChange,
}: Pick<DialInputProps, "appSession" | "choices" | "onChange"> & { readonly text: string }) {
  const { contacts } = useCell(appSession.directory.view);
  const others = useCell(appSession.directory.others);
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  const matches = choices ?? (open ? suggestionsFor(text, contacts, others) : []);

  function choose(phone: string): void {
    dialled.set(phone);
    onChange();
    setOpen(false);
    setMarked(-1);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setOpen(true);
      if (matches.length > 0) setMarked((marked + step + matches.length) % matches.length);
    }
    if (event.key === "Escape") {
      setOpen(false);
      if (choices) onChange();
    }
    const match = matches[marked];
    if (event.key === "Enter" && match) {
      event.preventDefault();
      choose(match.phone);
    }
  }

  const show = () => {
    setOpen(true);
    setMarked(-1);
  };
  return { matches, marked, choose, onKeyDown, show, hide: () => setOpen(false) };
}
