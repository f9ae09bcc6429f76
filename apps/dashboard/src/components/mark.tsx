import { figure, say } from "../i18n/words.ts";

type Tone = "good" | "warn" | "bad" | "plain";

/** A word with a colour; the word says it without the colour as well. */
export function Mark({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return <span class={`mark ${tone}`}>{children}</span>;
}

const tones = { good: "good", moderate: "warn", poor: "bad" } as const;

/** A score with what it means. */
export function Score({
  mos,
  level,
}: {
  readonly mos?: number | undefined;
  readonly level?: keyof typeof tones | undefined;
}) {
  if (mos === undefined || level === undefined) return <span class="soft">–</span>;
  return <Mark tone={tones[level]}>{`${figure(mos)} ${say.calls.levels[level]}`}</Mark>;
}
