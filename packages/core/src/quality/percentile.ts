/**
 * The percentile by nearest rank: the smallest of the values that at least `percent` % of them do not exceed.
 * It is always one of the values. They must be sorted, rising, and there must be one.
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const value = sorted[Math.min(rank, sorted.length) - 1];
  if (value === undefined) throw new RangeError("nothing has no percentile");
  return value;
}
