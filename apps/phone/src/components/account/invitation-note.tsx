import { timeOfDay } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { useCell } from "../../state/cell.ts";
import type { OpenedInvitation } from "../../state/opened-invitation.ts";
import { Icon } from "../basics/icon.tsx";
import { Problem } from "../basics/problem.tsx";
import { Spinner } from "../basics/spinner.tsx";

/** What the invitation in the address is good for, or why it is not, and what to do then. */
export function InvitationNote({ invitation }: { readonly invitation: OpenedInvitation }) {
  const view = useCell(invitation.view);
  switch (view.state) {
    case "none":
      return null;
    case "reading":
      return (
        <p class="waiting" role="status">
          <Spinner /> {say.invitation.reading}
        </p>
      );
    case "refused":
      return (
        <Problem
          text={view.why}
          action={
            view.mayRetry
              ? { label: say.retry, run: () => void invitation.read() }
              : { label: say.invitation.without, run: () => invitation.drop() }
          }
        />
      );
    case "good":
      return (
        <div class="note calm" role="status" data-testid="invitation">
          <Icon name="check" size={20} />
          <div>
            <strong>{view.admin ? say.invitation.goodAdmin : say.invitation.good}</strong>{" "}
            {view.phone === undefined ? say.invitation.anyNumber : say.invitation.oneNumber(view.phone)}{" "}
            {say.invitation.until(timeOfDay(view.expiresAtMs))}
          </div>
        </div>
      );
  }
}
