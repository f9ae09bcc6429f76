import { echoUserId, isHostUserId, normalisePhone } from "@echoo/protocol";
import { useId, useRef, useState } from "preact/hooks";
import { say } from "../sentences/say.ts";
import { Cell, useCell } from "../state/cell.ts";
import type { Line } from "../state/line.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { suggestionsFor } from "./suggestions.ts";

/** What stands in the dial field; contacts put their number there. */
export const dialled = new Cell("");

/** Whom the text means: a contact by name, else a number, else an id of the host product. */
function addressee(text: string, line: Line): string | undefined {
  const wanted = text.trim();
  if (wanted.toLowerCase() === echoUserId) return echoUserId;
  const named = line.directory.view.value.contacts.find(
    (contact) => contact.name.toLowerCase() === wanted.toLowerCase(),
  );
  if (named) return named.phone;
  return normalisePhone(wanted) ?? (isHostUserId(wanted) ? wanted : undefined);
}

/** The field and its two calls; a listbox of matching contacts opens under it while one types. */
export function DialField({ line }: { readonly line: Line }) {
  const text = useCell(dialled);
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const status = useCell(line.status);

  function place(video: boolean): void {
    const to = addressee(text, line);
    if (to === undefined) {
      setProblem(say.home.dialNeeded);
      input.current?.focus();
      return;
    }
    if (status !== "online" && to !== echoUserId) return setProblem(say.home.offlineCall);
    setProblem(undefined);
    void line.desk.dial(to, { video });
  }

  return (
    <form
      class="dial"
      role="search"
      aria-label={say.home.heading}
      onSubmit={(event) => {
        event.preventDefault();
        place(true);
      }}
    >
      <DialInput line={line} text={text} inputRef={input} onText={() => setProblem(undefined)} problem={problem} />
      <div class="dial-calls">
        <button type="submit" class="button primary" data-testid="call-video">
          <Icon name="video" size={20} />
          {say.home.callVideo}
        </button>
        <button type="button" class="button soft-accent" data-testid="call-audio" onClick={() => place(false)}>
          <Icon name="phone" size={20} />
          {say.home.callAudio}
        </button>
      </div>
    </form>
  );
}

interface DialInputProps {
  readonly line: Line;
  readonly text: string;
  readonly inputRef: { current: HTMLInputElement | null };
  readonly onText: () => void;
  readonly problem: string | undefined;
}

function DialInput({ line, text, inputRef, onText, problem }: DialInputProps) {
  const id = useId();
  const { contacts } = useCell(line.directory.view);
  const others = useCell(line.directory.others);
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  const matches = open ? suggestionsFor(text, contacts, others) : [];
  const choose = (phone: string) => {
    dialled.set(phone);
    setOpen(false);
    setMarked(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setOpen(true);
      if (matches.length > 0) setMarked((marked + step + matches.length) % matches.length);
    }
    if (event.key === "Escape") setOpen(false);
    const match = matches[marked];
    if (event.key === "Enter" && match) {
      event.preventDefault();
      choose(match.phone);
    }
  };
  const expanded = matches.length > 0;
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
        aria-expanded={expanded}
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
          setOpen(true);
          setMarked(-1);
          onText();
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      {text !== "" && (
        <button
          type="button"
          class="icon-button dial-clear"
          aria-label={say.home.clear}
          onClick={() => {
            choose("");
            inputRef.current?.focus();
          }}
        >
          <Icon name="close" size={18} />
        </button>
      )}
      <ul class="suggestions" id={`${id}-list`} role="listbox" aria-label={say.home.suggestions} hidden={!expanded}>
        {matches.map((match, index) => (
          <li
            key={match.phone}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === marked}
            class="suggestion"
            onPointerDown={(event) => {
              event.preventDefault();
              choose(match.phone);
            }}
          >
            <Avatar userId={match.phone} name={match.name} />
            <span class="cut">{match.name}</span>
            <span class="soft small figures">{match.phone}</span>
          </li>
        ))}
      </ul>
      {problem && (
        <p class="field-problem" id={`${id}-problem`} role="alert" data-testid="error">
          {problem}
        </p>
      )}
    </div>
  );
}
