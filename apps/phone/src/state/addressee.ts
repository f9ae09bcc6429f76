import { cleanName, echoUserId, isHostUserId, normalisePhone } from "@echoo/protocol";
import type { Api, Contact } from "./api.ts";
import type { Directory } from "./directory.ts";

/** Whom the text of the dial field means. */
export type Addressee =
  | { readonly kind: "nothing" | "nobody" }
  | { readonly kind: "user"; readonly userId: string }
  /** Contacts of one name: only the person who dials knows which of them is meant. */
  | { readonly kind: "several"; readonly people: readonly Contact[] }
  /** It may be an id of the host product, which the server alone knows. */
  | { readonly kind: "perhaps"; readonly userId: string };

const folded = (name: string) => cleanName(name).toLocaleLowerCase();

/** What reads as a number is that number, even if a contact is called so; else it is a contact's name, or an id. */
export function addresseeOf(text: string, contacts: readonly Contact[]): Addressee {
  const wanted = cleanName(text);
  if (wanted === "") return { kind: "nothing" };
  if (wanted.toLowerCase() === echoUserId) return { kind: "user", userId: echoUserId };
  if (contacts.some(({ phone }) => phone === wanted)) return { kind: "user", userId: wanted };
  const number = normalisePhone(text);
  if (number !== undefined) return { kind: "user", userId: number };
  const people = contacts.filter(({ name }) => folded(name) === folded(wanted));
  const [first] = people;
  if (first !== undefined)
    return people.length === 1 ? { kind: "user", userId: first.phone } : { kind: "several", people };
  return isHostUserId(wanted) ? { kind: "perhaps", userId: wanted } : { kind: "nobody" };
}

interface Knowing {
  readonly directory: Pick<Directory, "reload" | "view">;
  readonly api: Pick<Api, "isUser">;
}

/** The same, with what is not loaded yet and what the server alone knows asked for. */
export async function findAddressee(
  text: string,
  { directory, api }: Knowing,
): Promise<Exclude<Addressee, { kind: "perhaps" }>> {
  const here = addresseeOf(text, directory.view.value.contacts);
  if (here.kind !== "perhaps" && here.kind !== "nobody") return here;
  // That no contact is known by this name says nothing before the contacts are.
  if (directory.view.value.state !== "ready") await directory.reload();
  const found = addresseeOf(text, directory.view.value.contacts);
  if (found.kind !== "perhaps") return found;
  return (await api.isUser(found.userId)) ? { kind: "user", userId: found.userId } : { kind: "nobody" };
}
