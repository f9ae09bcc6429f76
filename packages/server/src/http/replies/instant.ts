/** A moment as REST words it: UTC with milliseconds, whatever the clock's fraction. */
export function instantOf(timeMs: number): string {
  return new Date(Math.floor(timeMs)).toISOString();
}
