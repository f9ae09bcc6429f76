import { clientLimits } from "@echoo/protocol";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CallSession, ChatLine } from "../../calls/call-session.ts";
import { say } from "../../i18n/say.ts";
import { sentenceFor } from "../../i18n/sentence-for.ts";
import { useCell } from "../../state/cell.ts";
import { Icon } from "../basics/icon.tsx";
import { linkParts } from "./link-parts.ts";

const reactions = ["👍", "❤️", "😂", "👏", "😮", "🎉"];

interface ChatPanelProps {
  readonly session: CallSession;
  readonly name: string;
  readonly onClose: () => void;
}

/** Words and reactions beside a call; they live as long as it does. */
export function ChatPanel({ session, name, onClose }: ChatPanelProps) {
  const { state } = session.call;
  const open = state === "connected" || state === "reconnecting";
  const lines = useCell(session.chat);
  const log = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line scrolls into view.
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [lines]);
  return (
    <aside class="chat" aria-label={say.chat.heading} data-testid="chat-panel">
      <header class="panel-head">
        <h2>{say.chat.heading}</h2>
        <button type="button" class="icon-button" aria-label={say.close} onClick={onClose}>
          <Icon name="close" size={20} />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long log has to scroll by keyboard. */}
      <div class="chat-log" role="log" aria-label={say.chat.heading} tabIndex={0} data-testid="chat-log" ref={log}>
        {lines.length === 0 && <p class="empty">{open ? say.chat.empty : say.chat.notConnected}</p>}
        {lines.map((line) => (
          <Bubble key={line.id} line={line} name={name} />
        ))}
      </div>
      <div class="chat-reactions">
        {reactions.map((emoji) => (
          <button
            key={emoji}
            type="button"
            class="emoji"
            disabled={!open}
            aria-label={say.chat.react(emoji)}
            onClick={() => session.react(emoji)}
          >
            {emoji}
          </button>
        ))}
      </div>
      <Composer session={session} open={open} />
    </aside>
  );
}

function Bubble({ line, name }: { readonly line: ChatLine; readonly name: string }) {
  const who = line.mine ? say.chat.you : name;
  return (
    <p class={`bubble${line.mine ? " mine" : ""}${line.reaction ? " reaction-line" : ""}`} dir="auto">
      <span class="unseen">{line.reaction ? say.chat.reaction(who, line.text) : `${who}: `}</span>
      <span aria-hidden={line.reaction}>
        {linkParts(line.text).map(({ text, href, at }) =>
          href === undefined ? (
            text
          ) : (
            // Its own direction, so that no words beside it turn it around.
            <bdi key={at} dir="ltr">
              <a href={href} target="_blank" rel="noopener noreferrer nofollow">
                {text}
              </a>
            </bdi>
          ),
        )}
      </span>
    </p>
  );
}

function Composer({ session, open }: { readonly session: CallSession; readonly open: boolean }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // A user with a keyboard writes next; on glass a keyboard would cover the messages.
  useLayoutEffect(() => {
    if (matchMedia("(pointer: fine)").matches) input.current?.focus();
  }, []);
  function send(event: Event): void {
    event.preventDefault();
    const message = text.trim();
    if (message === "" || !open) return;
    try {
      session.send(message);
      setText("");
      setProblem(undefined);
    } catch (error) {
      setProblem(sentenceFor(error));
    }
  }
  return (
    <form class="composer" onSubmit={send}>
      <label class="unseen" for={id}>
        {say.chat.input}
      </label>
      <input
        ref={input}
        id={id}
        class="input"
        data-testid="chat-input"
        autoComplete="off"
        enterKeyHint="send"
        dir="auto"
        maxLength={clientLimits.chatChars}
        placeholder={say.chat.placeholder}
        disabled={!open}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button
        type="submit"
        class="icon-button accent send"
        data-testid="chat-send"
        aria-label={say.chat.send}
        disabled={!open}
      >
        <Icon name="send" size={20} class="flips" />
      </button>
      {problem && (
        <p class="field-problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
