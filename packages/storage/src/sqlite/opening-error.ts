import { DataFolderError } from "./data-folder-error.ts";
import { isBusy, isCorrupt } from "./sqlite-fault.ts";

/** What keeps a file from being opened, in words for the operator. */
export function openingError(path: string, error: unknown): Error {
  if (error instanceof DataFolderError) return error;
  if (isCorrupt(error)) {
    return new DataFolderError(
      `${path} is damaged or not a database. Restore it from a backup, or move it away to start afresh.`,
      error,
    );
  }
  if (isBusy(error)) {
    return new DataFolderError(
      `${path} is in use by another process: a server that runs, or a command such as echoo store copy. Stop it first.`,
      error,
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new DataFolderError(`${path} cannot be opened for writing: ${reason}.`, error);
}
