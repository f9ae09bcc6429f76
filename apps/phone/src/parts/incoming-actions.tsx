import type { RefObject } from "preact";
import type { CallDesk } from "../calls/call-desk.ts";
import { say } from "../sentences/say.ts";
import { Icon, type IconName } from "./icon.tsx";

interface IncomingActionsProps {
  readonly desk: CallDesk;
  readonly isVideo: boolean;
  readonly acceptRef: RefObject<HTMLButtonElement | null>;
}

/** What can be done about a ring. */
export function IncomingActions({ desk, isVideo, acceptRef }: IncomingActionsProps) {
  return (
    <div class="incoming-actions">
      <Action look="decline" hook="decline" icon="phone" label={say.incoming.decline} onClick={() => desk.decline()} />
      {isVideo && (
        <Action
          look="quiet"
          hook="accept-audio"
          icon="videoOff"
          label={say.incoming.acceptAudio}
          onClick={() => void desk.answer(false)}
        />
      )}
      <Action
        look="accept"
        hook="accept"
        icon={isVideo ? "video" : "phone"}
        label={say.incoming.accept}
        onClick={() => void desk.answer(isVideo)}
        buttonRef={acceptRef}
      />
    </div>
  );
}

interface ActionProps {
  readonly look: "accept" | "decline" | "quiet";
  readonly hook: string;
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly buttonRef?: RefObject<HTMLButtonElement | null>;
}

function Action({ look, hook, icon, label, onClick, buttonRef }: ActionProps) {
  return (
    <button type="button" class={`call-action ${look}`} data-testid={hook} onClick={onClick} ref={buttonRef ?? null}>
      <span class="call-action-disc">
        <Icon name={icon} size={26} class={look === "decline" ? "hung-up" : ""} />
      </span>
      {label}
    </button>
  );
}
