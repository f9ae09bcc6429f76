import { useEffect, useState } from "preact/hooks";
import { every } from "../../platform.ts";

/** Draws a component again and again, for what changes with time alone. */
export function useTick(periodMs: number): void {
  const [, redraw] = useState({});
  useEffect(() => every(periodMs, () => redraw({})), [periodMs]);
}
