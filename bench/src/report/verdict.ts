/** A budget, and what was measured. */
export interface Verdict {
  readonly what: string;
  readonly figure: number;
  /** The figure may be at most this. */
  readonly limit: number;
  /** Written behind both: "×", " %", " ms". */
  readonly unit: string;
}

export function isMet({ figure, limit }: Verdict): boolean {
  return figure <= limit;
}

/** "met", or by how much it is missed. */
export function verdictText(verdict: Verdict): string {
  const { figure, limit } = verdict;
  return isMet(verdict) ? "met" : `missed by ${limit === 0 ? "all" : `${Math.round((figure / limit - 1) * 100)} %`}`;
}

/** As many digits as tell something. */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
