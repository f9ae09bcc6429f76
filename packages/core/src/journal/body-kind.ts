/** What the journal keeps, each with a body: unfinished calls, calls that are over, and what waits for the store. */
export type BodyKind = "live" | "ended" | "record" | "samples" | "reported";
