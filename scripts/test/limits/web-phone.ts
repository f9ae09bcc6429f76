import { searchedPages } from "../../../apps/phone/src/components/recents/use-older-matches.ts";
import { catchUpPages, openedCalls } from "../../../apps/phone/src/state/merge-calls.ts";
import { maxFavourites } from "../../../apps/phone/src/state/people/favourites.ts";
import { maxWatched } from "../../../apps/phone/src/state/people/watched.ts";
import { count } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const history = "apps/phone/test/history.test.ts";

export const webPhone: ShownRows = {
  "pages of new calls that are read to reach those that are shown": {
    figures: [count(catchUpPages)],
    shown: { [history]: "begin anew where more came than ten pages, rather than with a gap" },
  },
  "pages of older calls that a search reads by itself": {
    figures: [count(searchedPages)],
    shown: {
      "apps/phone/test/browser/history.test.ts":
        "a search goes into older calls by itself, as far as thirty pages, and then says so",
    },
  },
  "favourites that are kept on the device": {
    figures: [count(maxFavourites)],
    shown: {
      "apps/phone/test/favourites.test.ts":
        "are bounded: with one more than there is room for, the first that was chosen goes",
    },
  },
  "contacts whose presence is followed": {
    figures: [count(maxWatched)],
    shown: {
      "apps/phone/test/watched.test.ts": "is one past the bound in place of the one that was looked at least recently",
    },
  },
  "older calls kept that were opened by their address": {
    figures: [count(openedCalls)],
    shown: { [history]: "of more than twenty the first is let go" },
  },
};
