/** What is needed of the log, by level. */
export type Log<L extends "debug" | "info" | "warn" | "error"> = {
  readonly [K in L]: (fields: object, message: string) => void;
};
