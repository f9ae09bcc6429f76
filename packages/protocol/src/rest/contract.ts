import type { z } from "zod";
import type { ErrorCode } from "../browser/error-sentences.ts";
import { errorTable } from "../errors.ts";
import { accountEndpoints } from "./account-endpoints.ts";
import { adminEndpoints } from "./admin/admin-endpoints.ts";
import { adminWebhookEndpoints } from "./admin/webhook-endpoints.ts";
import { appEndpoints } from "./app-endpoints.ts";
import { callEndpoints } from "./call-endpoints.ts";
import { peopleEndpoints } from "./people-endpoints.ts";
import { pushEndpoints } from "./push-endpoints.ts";
import type { RestRow } from "./row.ts";
import { serviceEndpoints } from "./service-endpoints.ts";
import { statsEndpoints } from "./stats-endpoints.ts";

const rows = {
  ...accountEndpoints,
  ...peopleEndpoints,
  ...pushEndpoints,
  ...callEndpoints,
  ...statsEndpoints,
  ...adminEndpoints,
  ...adminWebhookEndpoints,
  ...serviceEndpoints,
  ...appEndpoints,
} as const;

/** Every REST endpoint, by its operationId. */
export const restContract: typeof rows & { readonly [Id in keyof typeof rows]: RestRow<Id> } = rows;

export type OperationId = keyof typeof rows;
/** Those of administrators. */
export type AdminOperationId = keyof typeof adminEndpoints;
export type AdminWebhookOperationId = keyof typeof adminWebhookEndpoints;
/** Those of the API for everybody; of the others some are for the Android app that is already shipped alone. */
export type ApiOperationId = Exclude<
  OperationId,
  keyof typeof appEndpoints | AdminOperationId | AdminWebhookOperationId
>;
type Row<Id extends OperationId> = (typeof rows)[Id];
type Input<S> = S extends z.ZodType ? z.input<S> : undefined;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler is given, after parsing. */
export type ParamsOf<Id extends OperationId> = Output<Row<Id>["params"]>;
export type QueryOf<Id extends OperationId> = Output<Row<Id>["query"]>;
export type BodyOf<Id extends OperationId> = Output<Row<Id>["body"]>;
/** What a client may send: before defaults, and with times as text or milliseconds. */
export type QueryInputOf<Id extends OperationId> = Partial<QueryOf<Id>>;
export type BodyInputOf<Id extends OperationId> = Input<Row<Id>["body"]>;

export type SuccessStatusOf<Id extends OperationId> = keyof Row<Id>["responses"] & number;
/** The body of a success; of the given status, or of any. */
export type ResponseOf<Id extends OperationId, Status extends SuccessStatusOf<Id> = SuccessStatusOf<Id>> = {
  [S in Status]: Output<Row<Id>["responses"][S]>;
}[Status];
/** A success with its status: what a handler gives back. */
export type ReplyOf<Id extends OperationId> = {
  [S in SuccessStatusOf<Id>]: { readonly status: S; readonly body: ResponseOf<Id, S> };
}[SuccessStatusOf<Id>];

/** The path with its parameters filled in and escaped. */
export function restPath<Id extends OperationId>(operationId: Id, params: ParamsOf<Id>): string {
  const values = params as Readonly<Record<string, string>>;
  return restContract[operationId].path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}

/** The codes that an endpoint may refuse with, by status. */
export function errorsByStatus(row: Pick<RestRow, "errors">): ReadonlyMap<number, readonly ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of row.errors) {
    const status = errorTable[code].http;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}
