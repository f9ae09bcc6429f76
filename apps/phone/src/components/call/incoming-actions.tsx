import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CallController } from "../../calls/call-controller.ts";
import type { CallSession } from "../../calls/call-session.ts";
import { say } from "../../i18n/say.ts";
import { after } from "../../platform.ts";
import { Icon, type IconName } from "../basics/icon.tsx";

interface IncomingActionsProps {
  readonly controller: CallController;
  readonly session: CallSession;
  readonly acceptRef: RefObject<HTMLButtonElement | null>;
}

/** A press on its way to the ring that was in front until now must not decide this one. */
const settlesMs = 600;

/** What can be done about a ring. */
export function IncomingActions({ controller, session, acceptRef }: IncomingActionsProps) {
  const { isVideo } = session.call;
  const settled = useSettled(session);
  return (
    <div class="incoming-actions">
      <Action
        look="decline"
        hook="decline"
        icon="phone"
        label={say.incoming.decline}
        settled={settled}
        onClick={() => controller.decline()}
      />
      {isVideo && (
        <Action
          look="quiet"
          hook="accept-audio"
          icon="videoOff"
          label={say.incoming.acceptAudio}
          settled={settled}
          onClick={() => void controller.answer(false)}
        />
      )}
      <Action
        look="accept"
        hook="accept"
        icon={isVideo ? "video" : "phone"}
        label={say.incoming.accept}
        settled={settled}
        onClick={() => void controller.answer(isVideo)}
        buttonRef={acceptRef}
      />
    </div>
  );
}

/** Whether this ring has been in front for a moment; the first that comes is so at once. */
function useSettled(session: CallSession): boolean {
  const [settled, setSettled] = useState(session);
  useEffect(() => (session === settled ? undefined : after(settlesMs, () => setSettled(session))), [session, settled]);
  return session === settled;
}

interface ActionProps {
  readonly look: "accept" | "decline" | "quiet";
  readonly hook: string;
  readonly icon: IconName;
  readonly label: string;
  readonly settled: boolean;
  readonly onClick: () => void;
  readonly buttonRef?: RefObject<HTMLButtonElement | null>;
}

function Action({ look, hook, icon, label, settled, onClick, buttonRef }: ActionProps) {
  return (
    <button
      type="button"
      class={`call-action ${look}`}
      data-testid={hook}
      aria-disabled={!settled}
      onClick={() => settled && onClick()}
      ref={buttonRef ?? null}
    >
      <span class="call-action-disc">
        <Icon name={icon} size={26} class={look === "decline" ? "hung-up" : ""} />
      </span>
      {label}
    </button>
  );
}
