/** With the first push that has to be signed: its files are a part of each start that most servers do not need. */
export function loadJose() {
  return import("jose");
}
