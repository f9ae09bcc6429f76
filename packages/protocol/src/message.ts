import { z } from "zod";

/** Which part of the server handles a client's message. */
export type Route = "session" | "call" | "relay" | "directory" | "statistics";
/** Which token bucket of its socket a message is counted in. */
export type LimitFamily = "candidate" | "offer" | "talk" | "stats" | "other";

export interface MessageRow<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly from: "client" | "server";
  readonly route: Route;
  readonly family: LimitFamily;
  readonly doc: string;
  readonly fields: Shape;
  readonly schema: z.ZodObject<Shape>;
}

interface MessageSpec<Shape extends z.ZodRawShape> {
  readonly from: "client" | "server";
  readonly route: Route;
  readonly family?: LimitFamily;
  readonly doc: string;
  readonly fields: Shape;
}

/** Declares one message. Unknown fields are dropped by its schema. */
export function message<Shape extends z.ZodRawShape>(spec: MessageSpec<Shape>): MessageRow<Shape> {
  return { family: "other", ...spec, schema: z.object(spec.fields) };
}

type Rows = Readonly<Record<string, MessageRow>>;

/** The union of a table's messages, each with its `type`. */
export type MessageOf<Table extends Rows, Common = unknown> = {
  [T in keyof Table & string]: { type: T } & FieldsOf<Table[T]> & Common;
}[keyof Table & string];

/** A message without fields has none; zod would say that every other key, `type` included, is forbidden. */
type FieldsOf<Row extends MessageRow> = [keyof Row["fields"]] extends [never] ? unknown : z.infer<Row["schema"]>;
