import type { RefObject } from "preact";
import type { CallController } from "../../calls/call-controller.ts";
import { say } from "../../i18n/say.ts";
import { Icon, type IconName } from "../basics/icon.tsx";

interface IncomingActionsProps {
  readonly controller: CallController;
  readonly isVideo: boolean;
  readonly acceptRef: RefObject<HTMLButtonElement | null>;
}

/** What can be done about a ring. */
export function IncomingActions({ controller, isVideo, acceptRef }: IncomingActionsProps) {
  return (
    <div class="incoming-actions">
      <Action
        look="decline"
        hook="decline"
        icon="phone"
        label={say.incoming.decline}
        onClick={() => controller.decline()}
      />
      {isVideo && (
        <Action
          look="quiet"
          hook="accept-audio"
          icon="videoOff"
          label={say.incoming.acceptAudio}
          onClick={() => void controller.answer(false)}
        />
      )}
      <Action
        look="accept"
        hook="accept"
        icon={isVideo ? "video" : "phone"}
        label={say.incoming.accept}
        onClick={() => void controller.answer(isVideo)}
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
