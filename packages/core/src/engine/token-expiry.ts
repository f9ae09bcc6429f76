/** Until when a session may be here by its token. */
export interface TokenExpiry {
  readonly atMs: number;
  /** Whether calls that it placed or answered go on afterwards; it is here for nothing else then. */
  readonly sparesCalls: boolean;
}
