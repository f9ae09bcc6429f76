/**
 * Format 4 has the devices that a push service can wake. Before it there was one mark for all of them, which no program
 * ever set: it is left out.
 */
export function fromFormat3(body: object): object {
  const { push: _never, ...rest } = body as Readonly<Record<string, unknown>>;
  return rest;
}
