/** One thing that is wrong: where it is, what it is, and what to do about it. */
export interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly line?: number;
  readonly problem: string;
  readonly remedy: string;
}

/** The finding as a line of a terminal, its place first so that editors can jump to it. */
export function describeFinding({ rule, file, line, problem, remedy }: Finding): string {
  return `${file}${line === undefined ? "" : `:${line}`}  [${rule}] ${problem} ${remedy}`;
}
