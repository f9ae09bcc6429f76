import type { CallSession } from "../../calls/call-session.ts";
import { say } from "../../i18n/say.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { Icon } from "../basics/icon.tsx";

interface OtherCallersProps {
  readonly appSession: AppSession;
  readonly session: CallSession;
}

/** Who calls while one talks: said without a sound, and again at the end of the call. */
export function OtherCallers({ appSession, session }: OtherCallersProps) {
  const callers = useCell(session.callers);
  return (
    <div role="status" class="other-callers">
      {callers.map((phone) => (
        <div key={phone} class="note calm" data-testid="other-caller">
          <Icon name="missed" size={20} />
          <div>{say.incoming.calledYou(appSession.directory.nameOf(phone))}</div>
          <button
            type="button"
            class="icon-button tiny"
            aria-label={say.close}
            onClick={() => session.forgetCaller(phone)}
          >
            <Icon name="close" size={18} />
          </button>
        </div>
      ))}
    </div>
  );
}
