export * from "./call/record.ts";
export * from "./ports/clock.ts";
export * from "./ports/ids.ts";
export * from "./ports/journal.ts";
export * from "./ports/live.ts";
export * from "./ports/people.ts";
export * from "./ports/store.ts";
export * from "./quality/summary.ts";
