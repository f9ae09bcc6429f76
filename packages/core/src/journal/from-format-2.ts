import type { BodyKind } from "./body-kind.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Format 2 had one former session of a leg, where there may be several now. */
export function fromFormat2(kind: BodyKind, body: object): object {
  if (kind !== "live") return body;
  const { callerLeg, calleeLeg } = body as Fields;
  return {
    ...body,
    ...(isFields(callerLeg) ? { callerLeg: withList(callerLeg) } : {}),
    ...(isFields(calleeLeg) ? { calleeLeg: withList(calleeLeg) } : {}),
  };
}

function withList({ formerSession, ...leg }: Fields): Fields {
  return formerSession === undefined ? leg : { ...leg, formerSessions: [formerSession] };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
