import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { clock } from "../../format/format.ts";
import { say } from "../../i18n/say.ts";
import { now } from "../../platform.ts";
import type { MadeInvitation } from "../../state/api.ts";
import { Icon } from "../basics/icon.tsx";
import { useTick } from "../basics/use-tick.ts";
import { QrCode } from "./qr-code.tsx";

interface NewInvitationProps {
  readonly made: MadeInvitation;
  readonly onAnother: () => void;
}

/** The link that was made, as a code and as text, for as long as it is good. */
export function NewInvitation({ made, onAnother }: NewInvitationProps) {
  useTick(1000);
  const leftMs = made.expiresAtMs - now();
  const first = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  return (
    <div class="invite-made" ref={first} tabIndex={-1}>
      {leftMs > 0 ? (
        <>
          <p role="status">{made.phone === undefined ? say.invite.madeAny : say.invite.madeFor(made.phone)}</p>
          <QrCode text={made.link} label={say.invite.code} />
          <Link link={made.link} />
          <p class="soft" data-testid="invite-expiry">
            {say.invite.left} <span class="figures">{clock(leftMs)}</span>
          </p>
        </>
      ) : (
        <p role="status" data-testid="invite-expiry">
          {say.invite.expired}
        </p>
      )}
      <button type="button" class="button" onClick={onAnother}>
        {say.invite.another}
      </button>
    </div>
  );
}

function Link({ link }: { readonly link: string }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);

  async function copy(): Promise<void> {
    field.current?.select();
    // Browsers give the clipboard to secure pages alone; the marked text can be copied by hand everywhere.
    await navigator.clipboard?.writeText(link).then(
      () => setCopied(true),
      () => undefined,
    );
  }

  return (
    <div class="field">
      <label for={id}>{say.invite.link}</label>
      <div class="invite-link">
        <input
          id={id}
          ref={field}
          class="input"
          readOnly
          value={link}
          data-testid="invite-link"
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="button soft-accent" data-testid="invite-copy" onClick={() => void copy()}>
          <Icon name={copied ? "check" : "copy"} size={18} />
          <span role="status">{copied ? say.invite.copied : say.invite.copy}</span>
        </button>
      </div>
    </div>
  );
}
