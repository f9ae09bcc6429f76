import type { Instant, Pause, WebhookFact, Webhooks } from "@echoo/core";
import { erasedSubject, withFact, withoutUser } from "./subject.ts";
import type { SubjectTable } from "./subject-table.ts";
import { webhookBounds } from "./webhook-bounds.ts";

interface EraseParts {
  readonly subjects: SubjectTable;
  readonly targets: Pick<Webhooks, "list">;
  readonly pause: Pause;
}

/** Told when an account has gone, of which its number is in no event any more but this one. */
export async function eraseEvents(
  { subjects, targets, pause }: EraseParts,
  user: string,
  replacement: string,
  telling: { readonly id: string; readonly atMs: Instant } | undefined,
): Promise<void> {
  // An earlier process, or the same one before, told it already.
  const isTold = (await subjects.find({ kind: "user", of: replacement })) !== undefined;
  const ids = isTold ? [] : (await targets.list()).map(({ id }) => id);
  await subjects.change({ kind: "user", of: user }, (now) => {
    const told = telling && ids.length > 0 ? withFact(now, erasedFact(user, replacement, telling), ids) : undefined;
    return told && erasedSubject(told, replacement);
  });
  for (;;) {
    const some = await subjects.ofParty(user, webhookBounds.subjectsPerStep);
    if (some.length === 0) return;
    for (const { uid } of some) await subjects.change({ uid }, (now) => now && withoutUser(now, user, replacement));
    await pause();
  }
}

function erasedFact(phone: string, erasedAs: string, { id, atMs }: { id: string; atMs: Instant }): WebhookFact {
  const data = JSON.stringify({ phone, erasedAs });
  return { kind: "user", of: phone, type: "user.erased", id, atMs, parties: [phone], data };
}
