import { EchooError } from "@echoo/client";
import type {
  CallBody,
  CallPage,
  CallStatistics,
  ContactBody,
  OwnUser,
  UserProfile,
  UserStatistics,
} from "@echoo/protocol";
import type { Session } from "./session-keeper.ts";

export type CallRow = CallBody;
export type Contact = ContactBody;

export interface Registration {
  readonly phone: string;
  readonly displayName?: string | undefined;
  readonly otp?: string | undefined;
  readonly invite?: string | undefined;
}

type Registered =
  | { readonly user: OwnUser; readonly token: string }
  | { readonly status: "otp_sent"; readonly expiresInSec: number; readonly devOtp?: string };

/** What the page asks of the server over REST, for the person signed in. */
export interface Api {
  logout(): Promise<void>;
  /** What somebody calls themselves. */
  displayName(userId: string): Promise<string>;
  contacts(): Promise<readonly Contact[]>;
  putContact(contact: string, name: string): Promise<void>;
  deleteContact(contact: string): Promise<void>;
  calls(query: { limit: number; cursor?: string }): Promise<CallPage>;
  markSeen(): Promise<void>;
  hideCall(callId: string): Promise<void>;
  callStatistics(callId: string): Promise<CallStatistics>;
  statistics(days: number): Promise<UserStatistics>;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
}

async function send<T>(origin: string, { method, path, body, token }: Sent): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(origin + path, init).catch((cause: unknown) => {
    throw new EchooError("offline", { cause });
  });
  const reply: { code?: string; error?: string } = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(reply.error), { code: reply.code ?? "unexpected" });
  return reply as T;
}

export function register(origin: string, fields: Registration): Promise<Registered> {
  return send(origin, { method: "POST", path: "/api/auth/register", body: fields });
}

export function createApi(origin: string, { phone, token }: Session): Api {
  const me = encodeURIComponent(phone);
  const ask = <T>(method: string, path: string, body?: unknown) => send<T>(origin, { method, path, body, token });
  return {
    logout: () => ask("POST", "/api/auth/logout"),
    displayName: async (userId) =>
      (await ask<{ user: UserProfile }>("GET", `/api/users/${encodeURIComponent(userId)}`)).user.displayName,
    contacts: async () => (await ask<{ contacts: Contact[] }>("GET", `/api/users/${me}/contacts`)).contacts,
    putContact: (contact, name) => ask("PUT", `/api/users/${me}/contacts/${encodeURIComponent(contact)}`, { name }),
    deleteContact: (contact) => ask("DELETE", `/api/users/${me}/contacts/${encodeURIComponent(contact)}`),
    calls: ({ limit, cursor }) =>
      ask("GET", `/api/calls/${me}?limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`),
    markSeen: () => ask("POST", `/api/calls/${me}/seen`, {}),
    hideCall: (callId) => ask("DELETE", `/api/calls/${me}/${encodeURIComponent(callId)}`),
    callStatistics: (callId) => ask("GET", `/api/stats/${me}/calls/${encodeURIComponent(callId)}`),
    statistics: (days) => ask("GET", `/api/stats/${me}?days=${days}`),
  };
}
