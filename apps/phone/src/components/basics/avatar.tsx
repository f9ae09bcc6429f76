import { echoUserId } from "@echoo/protocol";
import { Icon } from "./icon.tsx";
import { Logo } from "./logo.tsx";

const tints = 6;

interface AvatarProps {
  readonly userId: string;
  readonly name: string | undefined;
  readonly large?: boolean;
  readonly presence?: "online" | "in-call" | "offline" | undefined;
}

/** The same person has the same colour everywhere. */
function tintOf(userId: string): number {
  let sum = 0;
  for (const char of userId) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return sum % tints;
}

/** One letter of the first and one of the last word; nothing for a bare number. */
function initialsOf(name: string | undefined): string {
  const words = (name ?? "").split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const first = words[0];
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map((word) => (word ? [...word][0] : ""))
    .join("")
    .toLocaleUpperCase();
}

export function Avatar({ userId, name, large = false, presence }: AvatarProps) {
  const initials = initialsOf(name);
  const isEcho = userId === echoUserId;
  const picture = isEcho ? <Logo size={large ? 92 : 34} /> : initials || <Icon name="person" size={large ? 52 : 22} />;
  return (
    <span class={`avatar ${isEcho ? "echo" : `tint-${tintOf(userId)}`}${large ? " large" : ""}`} aria-hidden="true">
      {picture}
      {presence && <span class={`presence ${presence}`} />}
    </span>
  );
}
