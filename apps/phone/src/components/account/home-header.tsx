import { useEffect, useId, useRef, useState } from "preact/hooks";
import { say } from "../../i18n/say.ts";
import type { AppSession } from "../../state/app-session.ts";
import { useCell } from "../../state/cell.ts";
import type { Phone } from "../../state/phone.ts";
import { devicesLink, inviteLink } from "../../state/route.ts";
import { Avatar } from "../basics/avatar.tsx";
import { Icon } from "../basics/icon.tsx";
import { Logo } from "../basics/logo.tsx";
import { useDismiss } from "../basics/use-dismiss.ts";
import { SecondPersonLink } from "../people/second-person-link.tsx";

interface HeaderProps {
  readonly phone: Phone;
  readonly appSession: AppSession;
}

/** Whose phone this is, and whether it can be called. */
export function HomeHeader({ phone, appSession }: HeaderProps) {
  const status = useCell(appSession.status);
  return (
    <header class="home-header">
      <Logo size={30} />
      <h1 class="home-title" tabIndex={-1}>
        {say.app}
      </h1>
      <span class={`status ${status}`} title={say.statusHint[status]}>
        <span class="dot" aria-hidden="true" />
        <span role="status" data-testid="status">
          {say.status[status]}
        </span>
      </span>
      <AccountMenu phone={phone} appSession={appSession} />
    </header>
  );
}

function AccountMenu({ phone, appSession }: HeaderProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const { name, phone: number } = appSession.session;
  const isAdmin = useCell(appSession.isAdmin);
  const { calls, state } = useCell(appSession.history.view);
  useDismiss(open, () => setOpen(false), box);
  // A press beside the open menu closes it, and does nothing to what lies under it.
  useEffect(() => {
    const body = box.current?.closest(".home")?.querySelector<HTMLElement>(".home-body");
    if (body) body.inert = open;
  }, [open]);
  return (
    <div class="account" ref={box}>
      <button
        type="button"
        class="account-button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Avatar userId={number} name={name} />
        <span class="unseen">{say.home.account}</span>
      </button>
      {open && (
        <div class="menu" id={id}>
          <div class="menu-head">
            <strong class="cut">{name}</strong>
            <span class="soft small figures">{number}</span>
          </div>
          {isAdmin && (
            <a class="menu-item" href={inviteLink} data-testid="invite-somebody" onClick={() => setOpen(false)}>
              {say.invite.heading} <Icon name="plus" size={18} />
            </a>
          )}
          <a class="menu-item" href={devicesLink} data-testid="signed-in-devices" onClick={() => setOpen(false)}>
            {say.devices.heading} <Icon name="computer" size={18} />
          </a>
          {/* For the first minutes with it, on one computer. */}
          {state === "ready" && calls.length === 0 && <SecondPersonLink phone={number} class="menu-item" />}
          <button type="button" class="menu-item" data-testid="sign-out" onClick={() => void phone.signOut()}>
            {say.home.signOut} <Icon name="signOut" size={18} />
          </button>
        </div>
      )}
    </div>
  );
}
