import type { Instant } from "@echoo/client";
import { language } from "../i18n/say.ts";

const dayMs = 86_400_000;
const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(language, { weekday: "long" });
const day = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat(language, { dateStyle: "long" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const relativeDay = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const relativeShort = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });

function startOfDay(atMs: Instant): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}

/** The day of a moment as people say it: today, yesterday, a weekday within the last week, else the date. */
export function dayOf(atMs: Instant, nowMs: Instant): string {
  const days = Math.round((startOfDay(nowMs) - startOfDay(atMs)) / dayMs);
  if (days <= 1) return sentenceCase(relativeDay.format(-Math.max(days, 0), "day"));
  if (days < 7) return weekday.format(atMs);
  return (new Date(atMs).getFullYear() === new Date(nowMs).getFullYear() ? day : dayAndYear).format(atMs);
}

export function timeOfDay(atMs: Instant): string {
  return time.format(atMs);
}

function sentenceCase(words: string): string {
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
}

export function longWhen(atMs: Instant): string {
  return full.format(atMs);
}

/** How long ago a user was seen: minutes, hours, then days. */
export function ago(atMs: Instant, nowMs: Instant): string {
  const minutes = Math.round((atMs - nowMs) / 60_000);
  if (minutes > -60) return relativeShort.format(Math.min(minutes, 0), "minute");
  if (minutes > -60 * 24) return relativeShort.format(Math.round(minutes / 60), "hour");
  return relativeShort.format(Math.round(minutes / 60 / 24), "day");
}

const unit = (name: string, display: "narrow" | "short" | "long" = "short", digits = 0) =>
  new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: display, maximumFractionDigits: digits });
const hours = unit("hour", "narrow");
const minutes = unit("minute", "narrow");
const seconds = unit("second", "narrow");

/** A duration as people say it: "48s", "3m 20s", "1h 5m". */
export function duration(wholeSec: number): string {
  const h = Math.floor(wholeSec / 3600);
  const m = Math.floor((wholeSec % 3600) / 60);
  const s = Math.floor(wholeSec % 60);
  if (h > 0) return `${hours.format(h)} ${minutes.format(m)}`;
  return m > 0 ? `${minutes.format(m)} ${seconds.format(s)}` : seconds.format(s);
}

const twoDigits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2 });
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });

/** A running clock: mm:ss, and h:mm:ss from an hour on. */
export function clock(elapsedMs: number): string {
  const total = Math.max(0, Math.floor(elapsedMs / 1000));
  const h = Math.floor(total / 3600);
  const mmss = `${twoDigits.format(Math.floor((total % 3600) / 60))}:${twoDigits.format(total % 60)}`;
  return h > 0 ? `${h}:${mmss}` : mmss;
}

const oneDigit = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percentFormat = unit("percent", "short", 1);
const milliseconds = unit("millisecond");
const megabytes = unit("megabyte", "short", 1);

export const count = (value: number): string => whole.format(value);
export const mosText = (mos: number): string => oneDigit.format(mos);
export const percent = (value: number): string => percentFormat.format(value);
export const ms = (value: number): string => milliseconds.format(Math.round(value));
export const bytes = (value: number): string => megabytes.format(value / 1_000_000);
/** Bitrates: Intl knows no kilobit per second that is short, so the unit is appended. */
export const kbps = (value: number): string => `${whole.format(value)} kbit/s`;
