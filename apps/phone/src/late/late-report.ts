import { LatePart } from "./late-part.ts";

/** Fetched when a call is on the screen; the call waits for none of it. */
export const callReport = new LatePart(() => import("./call-report.ts"));
