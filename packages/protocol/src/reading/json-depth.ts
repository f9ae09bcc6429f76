import { limits } from "../limits.ts";

const [quote, backslash, openList, closeList, openObject, closeObject] = [...'"\\[]{}'].map((sign) =>
  sign.charCodeAt(0),
);

/**
 * Whether JSON has more lists and objects in each other than anything of ours. Asked before it is parsed, in one pass:
 * a parser makes an object of each level, and whatever walks them afterwards pays for each again. Of what is no JSON it
 * says anything.
 */
export function isTooDeep(json: string, maxLevels: number = limits.jsonLevels): boolean {
  // What opens fewer than that in all, within texts too, cannot be deeper. Most messages end here: an engine finds a
  // sign many times faster than this loop goes by them (docs/adr/0038-what-a-relayed-message-costs.md).
  if (!hasMore(json, maxLevels)) return false;
  let levels = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json.charCodeAt(at);
    if (isText) {
      if (sign === backslash) at += 1;
      else if (sign === quote) isText = false;
    } else if (sign === quote) isText = true;
    else if (sign === openList || sign === openObject) {
      levels += 1;
      if (levels > maxLevels) return true;
    } else if (sign === closeList || sign === closeObject) levels -= 1;
  }
  return false;
}

/** Whether more than so many lists and objects open in a text, or seem to. */
function hasMore(json: string, max: number): boolean {
  if (json.length <= max) return false;
  let count = 0;
  for (const sign of ["{", "["]) {
    for (let at = json.indexOf(sign); at !== -1; at = json.indexOf(sign, at + 1)) {
      count += 1;
      if (count > max) return true;
    }
  }
  return false;
}
