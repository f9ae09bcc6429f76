import type { ErrorCode } from "@echoo/protocol";

/** Local causes beside the codes of the server's table. */
type AdminErrorCode = ErrorCode | "offline" | "http" | "webhook_invalid";

/** Whatever was refused or failed: decide by `code`. */
export class EchooAdminError extends Error {
  readonly code: AdminErrorCode;
  /** Of the server's answer, where there was one. */
  readonly status: number | undefined;
  /** When the same request may succeed, where the server said so. */
  readonly retryInMs: number | undefined;

  constructor(
    code: AdminErrorCode,
    message: string,
    details: { readonly status?: number; readonly retryInMs?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = "EchooAdminError";
    this.code = code;
    this.status = details.status;
    this.retryInMs = details.retryInMs;
  }
}
