import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { sayDevices } from "../../i18n/en-own-devices.ts";
import { say } from "../../i18n/say.ts";
import { sentenceFor } from "../../i18n/sentence-for.ts";
import type { Phone } from "../../state/phone.ts";
import { Icon } from "../basics/icon.tsx";
import { Problem } from "../basics/problem.tsx";
import { Spinner } from "../basics/spinner.tsx";

/** Ends every session after a question, for afterwards each device needs to be proven again. */
export function SignOutEverywhere({ phone }: { readonly phone: Phone }) {
  const [asking, setAsking] = useState(false);
  const start = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  // Before the page is painted: a key that is pressed at once must find the focus where it belongs.
  useLayoutEffect(() => {
    if (wasAsking.current && !asking) start.current?.focus();
    wasAsking.current = asking;
  }, [asking]);
  if (asking) return <Question phone={phone} onCancel={() => setAsking(false)} />;
  return (
    <button
      type="button"
      class="link-button devices-end-all"
      ref={start}
      data-testid="devices-end-all"
      onClick={() => setAsking(true)}
    >
      <Icon name="signOut" size={16} />
      {sayDevices.endAll}
    </button>
  );
}

function Question({ phone, onCancel }: { readonly phone: Phone; readonly onCancel: () => void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const cancel = useRef<HTMLButtonElement>(null);
  // What takes nothing away has the focus.
  useLayoutEffect(() => cancel.current?.focus(), []);

  async function endAll(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await phone.signOutEverywhere();
    } catch (error) {
      setProblem(sentenceFor(error));
      setBusy(false);
    }
  }

  return (
    <div
      class="devices-question"
      role="alertdialog"
      aria-labelledby="devices-question"
      onKeyDown={(event) => event.key === "Escape" && onCancel()}
    >
      <p id="devices-question">{sayDevices.endAllQuestion}</p>
      <Problem text={problem} />
      <div class="devices-answers">
        <button
          type="button"
          class="button danger compact"
          data-testid="devices-end-all-confirm"
          aria-disabled={busy}
          onClick={() => void endAll()}
        >
          {busy && <Spinner />}
          {sayDevices.endAll}
        </button>
        <button type="button" class="button compact" ref={cancel} onClick={onCancel}>
          {say.contacts.cancel}
        </button>
      </div>
    </div>
  );
}
