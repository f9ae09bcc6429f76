import { EchooError } from "../echoo-error.ts";
import { EchooRest } from "../rest/echoo-rest.ts";

/** Gives the reason for which a server takes no socket of this page. */
export type AskAboutSocket = () => Promise<EchooError>;

/** Asks the server beside its socket, `/api/socket` for `/ws`, what it thinks of this page. */
export async function askAboutSocket(socketUrl: string, fetch = globalThis.fetch): Promise<EchooError> {
  const base = new URL(".", socketUrl.replace(/^ws/, "http")).href;
  const { origin } = globalThis.location ?? {};
  try {
    const query = origin === undefined || origin === "null" ? {} : { origin };
    await new EchooRest({ baseUrl: base, fetch: fetch.bind(globalThis) }).askAboutSocket({ query });
    // The server would take it, so it is not the server's socket, or something in between does not pass it on.
    return new EchooError("socket_refused");
  } catch (cause) {
    const error = cause as EchooError;
    if (error.code !== "offline") return error.code === "http" ? refusedWith(error) : error;
    // An answer that another page may not read is an answer all the same.
    const somebody = await fetch(`${base}livez`, { mode: "no-cors" }).catch(() => undefined);
    return somebody === undefined ? error : new EchooError("socket_refused");
  }
}

function refusedWith(error: EchooError): EchooError {
  return new EchooError("socket_refused", { message: `${new EchooError("socket_refused").message} ${error.message}` });
}
