import { echoUserId, isHostUserId, normalisePhone } from "@echoo/protocol";
import { useRef, useState } from "preact/hooks";
import { say } from "../../i18n/say.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { dialled } from "../../state/dialled.ts";
import { Icon } from "../basics/icon.tsx";
import { DialInput } from "./dial-input.tsx";

/** Whom the text means: a contact by name, else a number, else an id of the host product. */
function addressee(text: string, appSession: AppSession): string | undefined {
  const wanted = text.trim();
  if (wanted.toLowerCase() === echoUserId) return echoUserId;
  const { contacts } = appSession.directory.view.value;
  const named = contacts.find((contact) => contact.name.toLowerCase() === wanted.toLowerCase());
  if (named) return named.phone;
  return normalisePhone(wanted) ?? (isHostUserId(wanted) ? wanted : undefined);
}

/** The field and its two calls. */
export function DialField({ appSession }: { readonly appSession: AppSession }) {
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const status = useCell(appSession.status);

  function place(video: boolean): void {
    const to = addressee(dialled.value, appSession);
    if (to === undefined) {
      setProblem(say.home.dialNeeded);
      input.current?.focus();
    } else if (status === "offline" && to !== echoUserId) {
      setProblem(say.home.offlineCall);
    } else {
      setProblem(undefined);
      void appSession.controller.dial(to, { video });
    }
  }

  return (
    <form
      class="dial"
      onSubmit={(event) => {
        event.preventDefault();
        place(true);
      }}
    >
      <DialInput appSession={appSession} inputRef={input} onChange={() => setProblem(undefined)} problem={problem} />
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
