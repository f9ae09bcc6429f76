import { limits } from "@echoo/protocol";
import { count } from "./figures.ts";
import type { ShownRow, ShownRows } from "./shown-rows.ts";

/** Each of these limits has a test of its own there, made by its name; another test sees to it that none is left out. */
function each(...bounds: readonly number[]): ShownRow {
  return {
    figures: bounds.map(count),
    shown: {
      "packages/protocol/test/bounds.test.ts": [
        `\${name} takes \${limit} and not one more`,
        "every limit is tested here or held by the server",
      ],
    },
  };
}

export const oneMessage: ShownRows = {
  "ids of users, sessions, tokens, calls and messages": each(
    ...[limits.userIdChars, limits.sessionIdChars, limits.tokenIdChars, limits.callIdChars, limits.messageIdChars],
  ),
  "the id of a device": each(limits.deviceIdChars),
  "a token": each(limits.tokenChars),
  "an origin that is asked about": each(limits.originChars),
  "an invitation": each(limits.inviteChars),
  "a display name": each(limits.displayNameChars),
  "a description (`sdp`)": each(limits.sdpChars),
  "a candidate": each(limits.candidateChars),
  "names in a candidate, or of a client": each(limits.labelChars),
  "a chat message, an emoji": each(limits.chatChars, limits.emojiChars),
  "the app's word for the quality of a moment": each(limits.qualityWordChars),
  "users in one `watch`": each(limits.watchedUsers),
  "a time": { ...each(), figures: [String(new Date(limits.latestTimeMs).getUTCFullYear())] },
  "a figure of a sample, a count in it": each(limits.sampleFigure, limits.sampleCount),
  "a page of a history, its cursor": each(limits.historyPage, limits.cursorChars),
  "days of statistics": each(limits.statsDays),
};
