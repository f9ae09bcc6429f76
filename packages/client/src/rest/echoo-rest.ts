import type {
  ApiOperationId,
  BodyInputOf,
  ErrorBody,
  OperationId,
  ParamsOf,
  QueryInputOf,
  ResponseOf,
} from "@echoo/protocol";
import type { TokenSource } from "../connection/token-source.ts";
import { asEchooError, EchooError } from "../echoo-error.ts";
import { restRoutes } from "./rest-routes.ts";

export interface EchooRestOptions {
  /** Where the server is, such as `https://calls.example.org`; the page's own origin by default. */
  readonly baseUrl?: string;
  /** Or a function that gives a fresh one, asked before every request. */
  readonly token?: TokenSource;
  /** The platform's own by default. */
  readonly fetch?: typeof globalThis.fetch;
}

/** An endpoint without parameters has an object type without keys, or with any at all. */
type IsEmpty<T> = keyof T extends never ? true : string extends keyof T ? true : false;
type Params<T> = IsEmpty<T> extends true ? unknown : { readonly params: T };
type Query<T> = IsEmpty<T> extends true ? unknown : { readonly query?: T };
type Body<T> = [T] extends [undefined] ? unknown : undefined extends T ? { readonly body?: T } : { readonly body: T };

/** What an endpoint is asked with: the parameters of its path, its query, its body, where it has them. */
export type RestRequest<Id extends OperationId> = Params<ParamsOf<Id>> &
  Query<QueryInputOf<Id>> &
  Body<BodyInputOf<Id>>;
type Arguments<Id extends OperationId> =
  Record<never, never> extends RestRequest<Id> ? [request?: RestRequest<Id>] : [request: RestRequest<Id>];

/** One method per endpoint of the contract, by its operationId. All reject with an EchooError. */
type RestMethods<Ids extends OperationId> = {
  readonly [Id in Ids]: (...args: Arguments<Id>) => Promise<ResponseOf<Id>>;
};

/**
 * The REST API, one method per endpoint: `rest.listCalls({ params: { phone }, query: { limit: 20 } })`.
 * `token` may be set once it is known. An error carries the server's code and, where it names one, `retryInMs`.
 */
export type EchooRest = RestOver<ApiOperationId>;
/** The same for some endpoints of the contract. */
export type RestOver<Ids extends OperationId> = RestMethods<Ids> & { token: TokenSource | undefined };

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

class RestClient {
  token: TokenSource | undefined;
  readonly #baseUrl: string;
  readonly #fetch: typeof globalThis.fetch;

  constructor(
    routes: Readonly<Record<string, string>>,
    { baseUrl = "", token, fetch = globalThis.fetch.bind(globalThis) }: EchooRestOptions = {},
  ) {
    this.token = token;
    this.#baseUrl = baseUrl.replace(/\/$/, "");
    this.#fetch = fetch;
    const methods = Object.entries(routes).map(([id, route]) => {
      return [id, (parts: Parts = {}) => this.#send(route, parts)] as const;
    });
    Object.assign(this, Object.fromEntries(methods));
  }

  async #bearer(): Promise<string | undefined> {
    if (typeof this.token !== "function") return this.token;
    try {
      return await this.token();
    } catch (cause) {
      throw asEchooError(cause, "token_failed");
    }
  }

  async #send(route: string, { params = {}, query = {}, body }: Parts): Promise<unknown> {
    const [method = "", path = ""] = route.split(" ");
    const filled = path.replace(/:(\w+)/g, (_, name: string) => segmentOf(params[name] ?? ""));
    const headers: Record<string, string> = { Accept: "application/json, text/plain, text/html" };
    const token = await this.#bearer();
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    // The server wants the header on whatever changes something, with a body or without.
    if (method !== "GET") headers["Content-Type"] = "application/json";
    const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await this.#fetch(`${this.#baseUrl}${filled}${queryOf(query)}`, request).catch(
      (cause: unknown) => {
        throw new EchooError("offline", { cause });
      },
    );
    if (!response.ok) throw await errorOf(response);
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return isJson ? response.json() : response.text();
  }
}

class EverybodysRest extends RestClient {
  constructor(options?: EchooRestOptions) {
    super(restRoutes, options);
  }
}

/** Made of the contract's rows, so its type is derived and not written out. */
export const EchooRest = EverybodysRest as unknown as new (options?: EchooRestOptions) => EchooRest;

/** Methods for other endpoints of the contract, by method and path: a page that is for some brings what it needs. */
export function restOver<Ids extends OperationId>(
  routes: Readonly<Record<Ids, string>>,
  options?: EchooRestOptions,
): RestOver<Ids> {
  return new RestClient(routes, options) as unknown as RestOver<Ids>;
}

/** Without a name, or with dots alone, which `fetch` resolves, another path and so another request would be sent. */
function segmentOf(value: string): string {
  if (/^\.{0,2}$/.test(value)) throw new EchooError("invalid");
  return encodeURIComponent(value);
}

function queryOf(query: Readonly<Record<string, unknown>>): string {
  const known = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return known.length === 0 ? "" : `?${new URLSearchParams(known)}`;
}

/** A proxy in between may answer with something that is not ours. */
async function errorOf(response: Response): Promise<EchooError> {
  const body: Partial<ErrorBody> = await response.json().catch(() => ({}));
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new EchooError(body.code ?? "http", {
    message: body.error ?? `The request failed with status ${response.status}.`,
    retryInMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}
