import { limits } from "@echoo/protocol";
import type { ClientFacts } from "./server-facts.ts";

/** What a client says of itself, as short as a name of a program needs to be. */
export function clientFacts(said: { readonly [K in keyof ClientFacts]?: ClientFacts[K] | undefined }): ClientFacts {
  const short = ([field, value]: readonly [string, string | undefined]) =>
    value === undefined ? [] : [[field, value.slice(0, limits.clientFactChars)] as const];
  const { name, version, platform } = said;
  return Object.fromEntries(Object.entries({ name, version, platform }).flatMap(short));
}
