const sockets = "packages/server/test/e2e/verdicts.test.ts";
const ends = { file: sockets, title: "declined, busy, offline and hung up at once are what they are" };
const refused = {
  file: sockets,
  title: "a callee whose microphone is refused learns why, and the caller does not",
};

/** Rows of the table of verdicts that a test shows by the real thing, by "phase: code"; the others by recorded statistics. */
export const realFaults: Readonly<Record<string, { readonly file: string; readonly title: string }>> = {
  "no answer: permission_denied": refused,
  "no answer: cancelled": refused,
  "no answer: declined": ends,
  "no answer: busy": ends,
  "no answer: callee_offline": ends,
  "never connected: unknown": ends,
};

/** Where all rows are shown by what was recorded. */
export const recordedRows = "packages/core/test/verdict/verdict-rows.test.ts";
