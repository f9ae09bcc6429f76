import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { after } from "../../platform.ts";

const idleAfterMs = 3500;
const signs = ["pointermove", "pointerdown", "keydown", "focusin"] as const;

/** Whether the controls may fade: the user has not moved, touched or typed for a while, and rests on none of them. */
export function useIdle(view: RefObject<HTMLElement | null>, mayFade: boolean): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    setIdle(false);
    if (!mayFade) return;
    let cancel = () => {};
    const wait = () => {
      cancel();
      cancel = after(idleAfterMs, () => {
        const rests = view.current?.querySelector(".control:hover, .call-tool:hover, button:focus-visible");
        if (rests) wait();
        else setIdle(true);
      });
    };
    const wake = () => {
      setIdle(false);
      wait();
    };
    wait();
    for (const sign of signs) addEventListener(sign, wake);
    return () => {
      cancel();
      for (const sign of signs) removeEventListener(sign, wake);
    };
  }, [view, mayFade]);
  return idle;
}
