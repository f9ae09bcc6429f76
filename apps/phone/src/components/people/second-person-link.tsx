import { say } from "../../i18n/say.ts";
import { Icon } from "../basics/icon.tsx";

/** The number after one's own, as a suggestion for whom the other tab could be. */
function neighbourOf(phone: string): string {
  const tail = /\d{1,9}$/.exec(phone)?.[0] ?? "1000";
  const next = String((Number(tail) + 1) % 10 ** tail.length).padStart(tail.length, "0");
  return phone.slice(0, phone.length - tail.length) + next;
}

/** Opens the page as another user in a new tab, so that one computer can try both sides of a call. */
export function SecondPersonLink({ phone, ...rest }: { readonly phone: string; readonly class?: string }) {
  return (
    <a {...rest} href={`?as=${encodeURIComponent(neighbourOf(phone))}`} target="_blank" rel="noopener">
      {say.home.secondPerson} <Icon name="newTab" size={16} />
    </a>
  );
}
