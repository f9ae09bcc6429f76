const sockets = "packages/server/test/e2e/verdicts.test.ts";
const ends = { file: sockets, title: "declined, busy, offline and hung up at once are what they are" };
const refused = {
  file: sockets,
  title: "a callee whose microphone is refused learns why, and the caller does not",
};

const browser = "packages/client/test/browser";
const killed = {
  file: `${browser}/why-ended.test.ts`,
  title: "signaling_lost: the callee's browser was killed, and did not come back",
};

/** Rows of the table of verdicts that a test shows by the real thing, by "phase: code"; the others by recorded statistics. */
export const realFaults: Readonly<Record<string, { readonly file: string; readonly title: string }>> = {
  "no answer: permission_denied": refused,
  "no answer: cancelled": refused,
  "no answer: declined": ends,
  "no answer: busy": ends,
  "no answer: callee_offline": ends,
  "never connected: unknown": ends,
  "never connected: turn_refused": {
    file: `${browser}/why-relay.test.ts`,
    title: "turn_refused: the relay and the server have different secrets",
  },
  "never connected: turn_unreachable": {
    file: `${browser}/why-path.test.ts`,
    title: "turn_unreachable: nothing listens where the relay should be",
  },
  "never connected: turn_missing": {
    file: `${browser}/why-path.test.ts`,
    title: "turn_missing: there is no relay, and the networks do not reach each other",
  },
  "never connected: relay_dead": {
    file: `${browser}/why-relay.test.ts`,
    title: "relay_dead: the relay's own ports are closed",
  },
  "connected: signaling_lost": killed,
  "connected: network_lost": {
    file: `${browser}/why-network.test.ts`,
    title: "network_lost: nothing passes any more while both sockets stay",
  },
  "connected: silent_microphone": {
    file: `${browser}/why-silent.test.ts`,
    title: "silent_microphone: what the other side hears has no sound in it",
  },
  "connected: good": { file: `${browser}/why-ended.test.ts`, title: "good: nothing was wrong" },
};

/** Where all rows are shown by what was recorded. */
export const recordedRows = "packages/core/test/verdict/verdict-rows.test.ts";
