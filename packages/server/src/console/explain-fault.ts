import { StoreUnavailable } from "@echoo/core";

interface Fault extends NodeJS.ErrnoException {
  readonly port?: number;
}

/** One sentence on what keeps the program from starting, for the operator: the setting, and what to do. */
export function explainFault(error: unknown): string {
  const { code, message, syscall, path, port, cause } = error as Fault;
  if (error instanceof StoreUnavailable && cause instanceof Error) return `${message}: ${cause.message}`;
  if (code === "EADDRINUSE") return `PORT is taken by another program (${port}); set PORT to another one`;
  // The same code is given for a file that may not be opened.
  if (code === "EACCES" && syscall === "listen") return "PORT may not be used by this user; set PORT to one above 1023";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return "HOST is no address of this machine; set HOST to one";
  if (path !== undefined) return `${message}. ECHOO_DATA must name a folder in which this user may write`;
  return message;
}
