export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super("the database does not answer", { cause });
    this.name = "StoreUnavailable";
  }
}

/** The database is there, but not for this program: a newer one wrote it, or a copy into it is unfinished. */
export class StoreRefused extends StoreUnavailable {
  constructor(sentence: string) {
    super(undefined);
    this.message = sentence;
    this.name = "StoreRefused";
  }
}

/** A history cursor that no page gave out. */
export class InvalidCursor extends Error {
  constructor(cause?: unknown) {
    super("the cursor is not one of a history page", { cause });
    this.name = "InvalidCursor";
  }
}
