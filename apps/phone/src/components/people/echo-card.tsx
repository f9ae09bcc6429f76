import { echoUserId } from "@echoo/protocol";
import type { CallController } from "../../calls/call-controller.ts";
import { say } from "../../i18n/say.ts";
import { Icon } from "../basics/icon.tsx";
import { Logo } from "../basics/logo.tsx";

/** The first minute: a call that is always answered. */
export function EchoCard({
  controller,
  wide = false,
}: {
  readonly controller: CallController;
  readonly wide?: boolean;
}) {
  return (
    <section class={`echo-card${wide ? " wide" : ""}`} aria-label={say.echo.call}>
      <Logo size={40} />
      <div class="echo-words">
        <p class="echo-lead">{say.echo.lead}</p>
        <p class="small soft">{say.echo.hint}</p>
      </div>
      <button
        type="button"
        class="button soft-accent compact"
        data-testid="call-echo"
        onClick={() => void controller.dial(echoUserId, { video: true })}
      >
        <Icon name="video" size={18} />
        {say.echo.call}
      </button>
    </section>
  );
}
