import { en } from "./en.ts";

export const say = en;

const language = navigator.language || "en";
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });

const shares = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });

export const percent = (value: number): string => shares.format(value);
export const count = (value: number): string => whole.format(value);
export const figure = (value: number): string => oneDigit.format(value);
export const when = (instant: string): string => moment.format(new Date(Date.parse(instant)));

/** A length as people say it: "48 s", "3 min 20 s", "1 h 5 min". */
export function length(wholeSec: number): string {
  const [h, m, s] = [Math.floor(wholeSec / 3600), Math.floor((wholeSec % 3600) / 60), Math.floor(wholeSec % 60)];
  if (h > 0) return `${h} h ${m} min`;
  return m > 0 ? `${m} min ${s} s` : `${s} s`;
}

/** What to tell about anything that was thrown: the server's own sentence where it gave one. */
export function sentenceFor(error: unknown): string {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (code === "conflict" || code === "invalid") return typeof message === "string" ? message : (say.error.other ?? "");
  return say.error[String(code)] ?? say.error.other ?? "";
}
