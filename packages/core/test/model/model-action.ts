import fc from "fast-check";

const kinds = {
  resume: 8,
  restartApp: 2,
  joinAgain: 3,
  reuseNumber: 4,
  loseSocket: 5,
  goDeaf: 2,
  loseOlder: 1,
  offer: 14,
  supersede: 3,
  offerAgain: 2,
  ring: 4,
  answer: 12,
  candidate: 10,
  reject: 3,
  busy: 3,
  hangup: 5,
  connected: 4,
  renegotiate: 3,
  answerRenegotiation: 2,
  leave: 2,
  askForUsers: 4,
  repeat: 3,
  foreign: 5,
  passTime: 12,
  setClock: 4,
  holdDatabase: 1,
  releaseDatabase: 2,
  crash: 1,
  crashAtCommit: 2,
} as const;

type ActionKind = keyof typeof kinds;

/** One step of a random walk; the numbers choose among what there is at that moment. */
export interface ModelAction {
  readonly kind: ActionKind;
  readonly device: number;
  readonly choice: number;
}

const kind = fc.oneof(
  ...Object.entries(kinds).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as ActionKind) })),
);

export const modelActions: fc.Arbitrary<ModelAction[]> = fc.array(
  fc.record({ kind, device: fc.nat({ max: 5 }), choice: fc.nat({ max: 11 }) }),
  { minLength: 1, maxLength: 60, size: "max" },
);
