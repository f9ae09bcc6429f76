import { limits } from "@echoo/protocol";
import { lookBounds } from "../../../packages/server/src/http/admin/look-notes.ts";
import { recentBounds } from "../../../packages/server/src/observability/recent-calls.ts";
import { count, minutes } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const calls = "packages/server/test/http/admin/admin-calls.test.ts";
const people = "packages/server/test/http/admin/admin-people.test.ts";
const searched = "more than 31 days are refused, and of more than 10,000 calls the newest 10,000 are looked at";
const recent = "packages/server/test/observability/recent-calls.test.ts";
const looks = "packages/server/test/http/admin/look-notes.test.ts";

/** Of the table "Administration". */
export const administration: ShownRows = {
  "a page of a list": {
    figures: [count(limits.adminPage)],
    shown: { [calls]: "a page of a list has as many entries as its limit says, and one more is refused" },
  },
  "calls, accounts or entries of the audit log that are looked at for a page": {
    figures: [count(limits.adminLooked)],
    shown: {
      [calls]: searched,
      [people]: "a page of people looks at as many as its limit says, and says so, and the next one goes on",
      "packages/accounts/test/audit/audit-page.test.ts":
        "a page looks at so many entries and no more, and the next one goes on",
    },
  },
  "the time that is searched for calls": {
    figures: [`${limits.adminSearchDays} days`],
    shown: { [calls]: searched },
  },
  "people of one name whose calls are searched": {
    figures: ["10"],
    shown: { [calls]: "of more people with a name than are searched the calls of the first are found" },
  },
  "live views that are open": {
    figures: [count(limits.adminStreams)],
    shown: { "packages/server/test/http/admin/admin-now.test.ts": "no more of them are open at once than may be" },
  },
  "minutes of which the ends and set-up times of calls are in memory": {
    figures: [count(recentBounds.minutes), count(recentBounds.setUpsPerMinute)],
    shown: {
      [recent]: [
        "ends are told by the minute, of an hour and no longer; the oldest minute goes first",
        "set-up times are of as many calls a minute as are kept, and all are counted",
      ],
    },
  },
  "looks at the same thing that are one entry of the audit log": {
    figures: [minutes(lookBounds.sameLookMs), count(lookBounds.rememberedLooks)],
    shown: {
      [looks]: [
        "the same look within ten minutes is one look, and a later one another",
        "so many looks are remembered; with one more the oldest is forgotten, and noted again",
      ],
    },
  },
};
