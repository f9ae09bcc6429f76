import { auditBounds } from "../../../packages/accounts/src/audit/audit-bounds.ts";
import { textCharsMax } from "../../../packages/accounts/src/audit/audit-entry.ts";
import { count, mib } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const dayMs = 24 * 3_600_000;
const log = "packages/accounts/test/audit/audit-log.test.ts";
const quota = "packages/accounts/test/audit/audit-quota.test.ts";

/** Of the table "The whole server": the audit log. */
export const auditLog: ShownRows = {
  "entries of one kind in the audit log": {
    figures: [auditBounds.perSourceAnHour, auditBounds.perEventAMinute, auditBounds.refusalsAMinute].map(count),
    shown: {
      [log]: [
        "a flood of refusals from one network is counted and summed up once a minute, and hides no entries of others",
        "a flood from everywhere is bounded a minute, and the sum tells from how many networks it came",
        "one user's restless hands fill nothing, and other users' entries stay single",
      ],
      [quota]: "so many entries of one kind are written in a minute, and one more is counted, whichever user it is by",
    },
  },
  "users and networks that the audit log tells apart": {
    figures: [count(auditBounds.sourcesMax), count(auditBounds.countedSourcesMax)],
    shown: {
      [quota]: [
        "so many users and networks are told apart in an hour; entries of one more are counted, those of the others written",
        "a sum tells so many networks apart, and a text of an entry has so many characters, and not one more",
      ],
    },
  },
  "a text in the audit log": {
    figures: [count(textCharsMax)],
    shown: {
      [quota]: "a sum tells so many networks apart, and a text of an entry has so many characters, and not one more",
    },
  },
  "files of the audit log": {
    figures: [
      ...[mib(auditBounds.fileBytes), `${auditBounds.fileMs / dayMs} days`],
      ...[count(auditBounds.oldFiles), `${auditBounds.oldFileMs / dayMs} days`],
    ],
    shown: {
      "packages/accounts/test/audit/audit-file.test.ts": [
        "a full file is put away, and no more than so many are kept",
        "a month's file is put away however small, also by the next process, and forgotten after a year",
      ],
    },
  },
};
