import { StoreUnavailable } from "@echoo/core";
import { MongoBulkWriteError, MongoError, MongoInvalidArgumentError, MongoServerError } from "mongodb";

/**
 * The server's codes that refuse a statement for what it holds: bad value, failed to parse, type mismatch, invalid
 * BSON, names with dollars or dots, failed validation, too large (three of them), key too long, duplicate key. Any other
 * fault of the server is taken for one that passes, a missing right or a full disk included: what is to be stored waits
 * then, instead of being left out as refused.
 * Source: https://github.com/mongodb/mongo/blob/v6.0/src/mongo/base/error_codes.yml
 */
const refusals: ReadonlySet<unknown> = new Set([2, 9, 14, 22, 52, 57, 121, 10334, 17419, 17420, 17280, 11000]);

const duplicateKey = 11000;

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKey;
}

/** Whether nothing went wrong in the group but keys that were there already. */
export function isDuplicatesAlone(error: unknown): error is MongoBulkWriteError {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) return false;
  const faults = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  return faults.length > 0 && faults.every((fault) => fault.code === duplicateKey);
}

/** The error that callers of the port know, for one of the driver's. */
export function translateFault(error: unknown): unknown {
  if (error instanceof MongoInvalidArgumentError) return error;
  if (error instanceof MongoServerError && refusals.has(error.code)) return error;
  return error instanceof MongoError || isSystemFault(error) ? new StoreUnavailable(error) : error;
}

/** The driver passes faults of DNS, TLS files and sockets on as they are; some name a system call, some a code alone. */
function isSystemFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return "syscall" in error || /^(E[A-Z]+|ERR_(SOCKET|STREAM|TLS)_\w+)$/.test(code ?? "");
}
