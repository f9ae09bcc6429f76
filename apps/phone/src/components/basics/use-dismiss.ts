import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/**
 * Closes something that is open at a press of Escape, and at one outside of `box` where it names one. What is deeper
 * and closes itself first has called `preventDefault`.
 */
export function useDismiss(open: boolean, close: () => void, box?: RefObject<HTMLElement | null>): void {
  // At once: an effect after the next paint would miss a key that is pressed before it.
  useLayoutEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      close();
      box?.current?.querySelector("button")?.focus();
    };
    const onPress = (event: Event) => {
      if (box && !box.current?.contains(event.target as Node)) close();
    };
    addEventListener("keydown", onKey);
    addEventListener("pointerdown", onPress);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("pointerdown", onPress);
    };
  });
}
