/** One side of a call, whose samples make one summary. */
export interface Side {
  readonly callId: string;
  readonly reporter: string;
}

export function sideKey({ callId, reporter }: Side): string {
  return JSON.stringify([callId, reporter]);
}
