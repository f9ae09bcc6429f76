/**
 * Tells what a script does. On stderr, so that the output of the program itself stays clean.
 * @param {string} sentence
 */
export function say(sentence) {
  process.stderr.write(`[echoo] ${sentence}\n`);
}

/**
 * Says why nothing more can be done, and ends the process.
 * @param {string} sentence
 * @returns {never}
 */
export function giveUp(sentence) {
  say(sentence);
  process.exit(1);
}

/** @param {number} sinceMs @returns {string} the time since then, such as "2.4 s" */
export function seconds(sinceMs) {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}
