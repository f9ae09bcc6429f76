import fc from "fast-check";

const kinds = {
  offer: 10,
  passTime: 8,
  begin: 14,
  outcome: 14,
  overflow: 1,
  cancel: 5,
  join: 5,
  lose: 3,
  loseCaller: 1,
  joinCaller: 2,
  confirm: 2,
  ringing: 2,
  answer: 4,
  reject: 3,
  dialBack: 1,
  ticketRinging: 4,
  ticketReject: 3,
  wishes: 2,
  crash: 2,
  crashAtCommit: 3,
} as const;

export interface PushAction {
  readonly kind: keyof typeof kinds;
  readonly choice: number;
}

const kind = fc.oneof(
  ...Object.entries(kinds).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as PushAction["kind"]) })),
);

export const pushActions: fc.Arbitrary<PushAction[]> = fc.array(fc.record({ kind, choice: fc.nat(11) }), {
  minLength: 1,
  maxLength: 60,
  size: "max",
});
