/** The data folder or a file in it cannot be used. The message says what to do, and names the setting. */
export class DataFolderError extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(`${sentence} The setting ECHOO_DATA names the folder.`, { cause });
    this.name = "DataFolderError";
  }
}
