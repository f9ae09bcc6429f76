/** With the first token that needs it: its sixty files are a part of each start that most servers do not need. */
export function loadJose() {
  return import("jose");
}
