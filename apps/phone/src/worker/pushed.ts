/** What the server pushes about a call, as this worker reads it. */
export interface Pushed {
  readonly kind: "ring" | "stop";
  readonly callId: string;
  readonly ticket?: string;
  /** Absent where the server does not tell names with pushes: it is asked for them. */
  readonly from?: { readonly phone: string; readonly displayName: string };
  readonly isVideo?: boolean;
  readonly reason?: string;
  readonly missed?: boolean;
  readonly count?: number;
  readonly unseenMissed?: number;
}

/** What a notification keeps until it is clicked. */
export interface Notified {
  readonly callId: string;
  readonly ticket?: string | undefined;
  readonly caller?: string | undefined;
  readonly kind: "ring" | "missed" | "over";
}

/** What the worker asks a page to do, and what a page tells it. */
export type WorkerMessage =
  | { readonly type: "answer" | "decline"; readonly callId: string }
  | { readonly type: "call"; readonly phone: string };
export type PageMessage = { readonly type: "hello" };

export function readPushed(text: string | undefined): Pushed | undefined {
  try {
    const { echoo } = JSON.parse(text ?? "") as { readonly echoo?: Pushed };
    return typeof echoo?.callId === "string" ? echoo : undefined;
  } catch {
    return undefined;
  }
}
