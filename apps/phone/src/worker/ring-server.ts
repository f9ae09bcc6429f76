import type { Pushed } from "./pushed.ts";

/** What this worker asks the server, by the ticket that came with the push: it has no session of its own. */
async function post(path: string, ticket: string | undefined): Promise<{ status: number; reason: string | undefined }> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify({ ticket }) });
  const { reason } = (await response.json()) as { readonly reason?: string };
  return { status: response.status, reason };
}

/** Says that the ring is on the screen; the reason where it is over by now. */
export async function sayShown({ callId, ticket }: Pushed): Promise<string | undefined> {
  const { status, reason } = await post(`/api/rings/${encodeURIComponent(callId)}/ringing`, ticket);
  return status === 409 ? (reason ?? "cancelled") : undefined;
}

export async function sayDeclined(callId: string, ticket: string): Promise<void> {
  await post(`/api/rings/${encodeURIComponent(callId)}/reject`, ticket);
}

/** Who calls, where the push does not say. */
export async function askWho(pushed: Pushed): Promise<Pushed> {
  const { callId, ticket, from } = pushed;
  if (from !== undefined || ticket === undefined) return pushed;
  const response = await fetch(`/api/rings/${encodeURIComponent(callId)}?ticket=${encodeURIComponent(ticket)}`);
  if (!response.ok) return pushed;
  const found = (await response.json()) as Pick<Pushed, "from" | "isVideo">;
  return { ...pushed, ...found, callId, kind: pushed.kind };
}
