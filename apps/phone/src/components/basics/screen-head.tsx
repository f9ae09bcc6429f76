import type { RefObject } from "preact";
import { say } from "../../i18n/say.ts";
import { goHome } from "../../state/route.ts";
import { Icon } from "./icon.tsx";

interface ScreenHeadProps {
  readonly id: string;
  readonly text: string;
  /** Gets the focus when the screen opens. */
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly backHook?: string;
}

/** The head of a screen that is opened from home, with the way back there. */
export function ScreenHead({ id, text, heading, backHook }: ScreenHeadProps) {
  return (
    <header class="details-head">
      <button type="button" class="icon-button" aria-label={say.details.back} data-testid={backHook} onClick={goHome}>
        <Icon name="back" class="flips" />
      </button>
      <h1 id={id} ref={heading} tabIndex={-1}>
        {text}
      </h1>
    </header>
  );
}
