import { echoUserId } from "@echoo/protocol";
import { useRef, useState } from "preact/hooks";
import { say } from "../../i18n/say.ts";
import { findAddressee } from "../../state/addressee.ts";
import type { Contact } from "../../state/api.ts";
import type { AppSession } from "../../state/app-session.ts";
import { dialled } from "../../state/dialled.ts";
import { Icon } from "../basics/icon.tsx";
import { DialInput } from "./dial-input.tsx";

/** The field and its two calls. */
export function DialField({ appSession }: { readonly appSession: AppSession }) {
  const [problem, setProblem] = useState<string>();
  const [choices, setChoices] = useState<readonly Contact[]>();
  const input = useRef<HTMLInputElement>(null);

  function refuse(words: string | undefined, among?: readonly Contact[]): void {
    setProblem(words);
    setChoices(among);
    if (words !== undefined) input.current?.focus();
  }

  function call(userId: string, video: boolean): void {
    const isOutOfReach = appSession.status.value === "offline" && userId !== echoUserId;
    refuse(isOutOfReach ? say.home.offlineCall : undefined);
    if (!isOutOfReach) void appSession.controller.dial(userId, { video });
  }

  async function place(video: boolean): Promise<void> {
    const text = dialled.value;
    const to = await findAddressee(text, appSession);
    // Another text is meant by now.
    if (dialled.value !== text) return;
    if (to.kind === "user") call(to.userId, video);
    else if (to.kind === "several") refuse(say.home.several(text.trim()), to.people);
    else refuse(to.kind === "nothing" ? say.home.dialNeeded : say.home.nobody(text.trim()));
  }

  return (
    <form
      class="dial"
      onSubmit={(event) => {
        event.preventDefault();
        void place(true);
      }}
    >
      <DialInput
        appSession={appSession}
        inputRef={input}
        onChange={() => refuse(undefined)}
        problem={problem}
        choices={choices}
      />
      <DialCalls onAudio={() => void place(false)} />
    </form>
  );
}

/** Its form's Enter is the video call. */
function DialCalls({ onAudio }: { readonly onAudio: () => void }) {
  const { callAudio, callVideo } = say.home;
  return (
    <div class="dial-calls">
      <button
        type="button"
        class="dial-call"
        data-testid="call-audio"
        aria-label={callAudio}
        title={callAudio}
        onClick={onAudio}
      >
        <Icon name="phone" size={20} />
      </button>
      <button type="submit" class="dial-call main" data-testid="call-video" aria-label={callVideo} title={callVideo}>
        <Icon name="video" size={20} />
      </button>
    </div>
  );
}
