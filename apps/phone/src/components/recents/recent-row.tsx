import { duration, timeOfDay } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import type { CallRow } from "../../state/api.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import { detailsLink, route } from "../../state/route.ts";
import { Avatar } from "../basics/avatar.tsx";
import { Icon } from "../basics/icon.tsx";
import { callOutcome } from "../call/call-outcome.ts";
import { RowButton } from "../people/contact-row.tsx";

/** A call of the history: a tap opens its details, and only the button calls. */
export function RecentRow({ call, appSession }: { readonly call: CallRow; readonly appSession: AppSession }) {
  const { peer, isVideo } = call;
  const name = appSession.directory.nameOf(peer.phone);
  const outcome = callOutcome(call);
  const where = useCell(route);
  const { contacts } = useCell(appSession.directory.view);
  const open = where.page === "details" && where.callId === call.callId;
  // Two people of one name are told apart by their numbers.
  const hasNamesake = contacts.some((contact) => contact.phone !== peer.phone && contact.name === name);
  const long = call.duration > 0 ? duration(call.duration) : undefined;
  return (
    <li class={`row${call.seen ? "" : " unread"}${open ? " open" : ""}`} data-testid="recent">
      <a class="row-main" href={detailsLink(call.callId)} aria-current={open ? "page" : undefined}>
        <Avatar userId={peer.phone} name={name} />
        <span class="row-text">
          <span class={`row-name cut${outcome.alarming ? " alarming" : ""}`} dir="auto">
            {name}
          </span>
          <span class="row-sub">
            <Icon name={outcome.icon} size={15} class={outcome.alarming ? "alarming" : ""} />
            <span>
              <span class="unseen">
                {call.direction === "incoming" ? say.recents.incoming : say.recents.outgoing}:{" "}
              </span>
              {[hasNamesake ? peer.phone : undefined, outcome.words, long].filter(Boolean).join(" · ")}
            </span>
          </span>
        </span>
        <time class="row-side figures" dateTime={call.startTime}>
          {timeOfDay(Date.parse(call.startTime))}
        </time>
        <span class="unseen">{say.recents.details}</span>
      </a>
      <RowButton
        icon={isVideo ? "video" : "phone"}
        label={say.recents.callBack(name)}
        onClick={() => void appSession.controller.dial(peer.phone, { video: isVideo })}
      />
    </li>
  );
}
