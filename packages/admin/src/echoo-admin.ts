import type { BodyInputOf, ErrorBody, ParamsOf, QueryInputOf, ResponseOf } from "@echoo/protocol";
import { adminRoutes } from "./admin-routes.ts";
import { EchooAdminError } from "./echoo-admin-error.ts";

/** A token, or a function that gives one, asked before each request. */
export type TokenOfAdmin = string | (() => string | Promise<string>);

export interface EchooAdminOptions {
  /** Where the server is, such as `https://calls.example.org`. */
  readonly url: string;
  /** In whose name: a user's own token, or one that your backend signs for that user (`userToken`). */
  readonly token?: TokenOfAdmin;
  readonly fetch?: typeof globalThis.fetch;
  /** A request that takes longer fails; 10 s by default. */
  readonly timeoutMs?: number;
}

export type AdminOperation = keyof typeof adminRoutes;

type IsEmpty<T> = keyof T extends never ? true : string extends keyof T ? true : false;
type Params<T> = IsEmpty<T> extends true ? unknown : { readonly params: T };
type Query<T> = IsEmpty<T> extends true ? unknown : { readonly query?: T };
type Body<T> = [T] extends [undefined] ? unknown : undefined extends T ? { readonly body?: T } : { readonly body: T };
type Request<Id extends AdminOperation> = Params<ParamsOf<Id>> & Query<QueryInputOf<Id>> & Body<BodyInputOf<Id>>;
type Arguments<Id extends AdminOperation> =
  Record<never, never> extends Request<Id> ? [request?: Request<Id>] : [request: Request<Id>];

type AdminMethods = {
  readonly [Id in AdminOperation]: (...args: Arguments<Id>) => Promise<ResponseOf<Id>>;
};

/**
 * Echoo's REST API for a backend, one method for each endpoint, by its operationId:
 * `admin.listCalls({ params: { phone }, query: { limit: 20 } })`. All reject with an EchooAdminError.
 */
export type EchooAdmin = AdminMethods & {
  /** The same server in another user's name. */
  as(token: TokenOfAdmin): EchooAdmin;
};

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const defaultTimeoutMs = 10_000;

class AdminClient {
  readonly #url: string;
  readonly #token: TokenOfAdmin | undefined;
  readonly #fetch: typeof globalThis.fetch;
  readonly #timeoutMs: number;

  constructor({ url, token, fetch = globalThis.fetch, timeoutMs = defaultTimeoutMs }: EchooAdminOptions) {
    this.#url = url.replace(/\/$/, "");
    this.#token = token;
    this.#fetch = fetch;
    this.#timeoutMs = timeoutMs;
    const methods = Object.entries(adminRoutes).map(([id, route]) => {
      return [id, (parts: Parts = {}) => this.#send(route, parts)] as const;
    });
    Object.assign(this, Object.fromEntries(methods));
  }

  as(token: TokenOfAdmin): EchooAdmin {
    return new EchooAdmin({ url: this.#url, token, fetch: this.#fetch, timeoutMs: this.#timeoutMs });
  }

  async #send(route: string, { params = {}, query = {}, body }: Parts): Promise<unknown> {
    const [method = "", path = ""] = route.split(" ");
    const filled = path.replace(/:(\w+)/g, (_, name: string) => segmentOf(params[name] ?? ""));
    const given = typeof this.#token === "function" ? await this.#token() : this.#token;
    const headers: Record<string, string> = { accept: "application/json" };
    if (given !== undefined) headers.authorization = `Bearer ${given}`;
    // The server wants the header on whatever changes something, with a body or without.
    if (method !== "GET") headers["content-type"] = "application/json";
    const known = Object.entries(query).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const search = known.length === 0 ? "" : `?${new URLSearchParams(known)}`;
    const response = await this.#fetch(`${this.#url}${filled}${search}`, {
      method,
      headers,
      signal: AbortSignal.timeout(this.#timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new EchooAdminError("offline", "The server did not answer.", { cause });
    });
    if (!response.ok) throw await errorOf(response);
    return response.json();
  }
}

/** Made of the contract's rows, so its type is derived and not written out. */
export const EchooAdmin = AdminClient as unknown as new (options: EchooAdminOptions) => EchooAdmin;

/** Without a name, or with dots alone, which are resolved, another path and so another request would be sent. */
function segmentOf(value: string): string {
  if (/^\.{0,2}$/.test(value)) throw new EchooAdminError("invalid", "A part of the path is missing.");
  return encodeURIComponent(value);
}

/** A proxy in between may answer with something that is not Echoo's. */
async function errorOf(response: Response): Promise<EchooAdminError> {
  const { status } = response;
  const body = (await response.json().catch(() => ({}))) as Partial<ErrorBody>;
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryInMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return new EchooAdminError(body.code ?? "http", body.error ?? `The request failed with status ${status}.`, {
    status,
    retryInMs,
  });
}
