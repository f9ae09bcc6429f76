import { echoUserId } from "@echoo/protocol";
import type { CallDesk } from "../calls/call-desk.ts";
import { say } from "../sentences/say.ts";
import { Icon } from "./icon.tsx";
import { Logo } from "./logo.tsx";

/** The first minute: a call that is always answered. */
export function EchoCard({ desk, wide = false }: { readonly desk: CallDesk; readonly wide?: boolean }) {
  return (
    <section class={`echo-card${wide ? " wide" : ""}`} aria-label={say.echo.call}>
      <Logo size={40} />
      <div class="echo-words">
        <p class="echo-lead">{say.echo.lead}</p>
        <p class="small soft">{say.echo.hint}</p>
      </div>
      <button
        type="button"
        class="button primary compact"
        data-testid="call-echo"
        onClick={() => void desk.dial(echoUserId, { video: true })}
      >
        <Icon name="video" size={18} />
        {say.echo.call}
      </button>
    </section>
  );
}
