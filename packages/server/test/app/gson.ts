const escaped = /[=<>&'\u2028\u2029]/g;

/** JSON as the app's Gson writes it: no spaces, absent fields left out, and what HTML could misread escaped. */
export function gson(value: object): string {
  return JSON.stringify(value).replace(escaped, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
