import type { ClientClock, Instant } from "../client-clock.ts";
import type { Entropy } from "../connection/entropy.ts";

/** An answered call as its page leaves it to the next one. */
export interface KeptCall {
  readonly id: string;
  readonly peerName: string | undefined;
  readonly direction: "incoming" | "outgoing";
  readonly startedAtMs: Instant;
  readonly audio: boolean;
  readonly video: boolean;
}

/** What a tab knows of itself over a reload. Never a token. */
export interface KeptTab {
  readonly deviceId: string;
  readonly session?: string | undefined;
  readonly calls?: readonly KeptCall[];
}

/** Where a client keeps who it is, so that a page that was loaded anew is the same device. */
export interface TabMemory {
  /** What the page before left, for the first tab that claims it: a duplicate is another device, and gets nothing. */
  claim(): Promise<KeptTab>;
  write(kept: KeptTab): void;
  /** The user left: the next client here is another device. */
  forget(): void;
  /** Another client of this page may claim it. */
  release(): void;
}

/** A page that goes away may hold its lock for a moment longer than the next one needs to ask for it. */
const lockTimeoutMs = 500;

/** The browser's own: sessionStorage, under a Web Lock that is held for as long as the page lives. */
export function browserTab(userId: string, clock: ClientClock, entropy: Entropy): TabMemory | undefined {
  const storage = storageOf();
  const { locks } = globalThis.navigator ?? {};
  if (storage === undefined || locks === undefined) return undefined;
  const key = `echoo.tab.${userId}`;
  let release = () => {};
  /** Resolves with whether the lock was had. */
  const lock = (deviceId: string) =>
    new Promise<boolean>((resolve) => {
      const patience = new AbortController();
      const cancel = clock.after(lockTimeoutMs, () => patience.abort());
      const held = (): Promise<void> => {
        cancel();
        resolve(true);
        return new Promise((done) => {
          release = done;
        });
      };
      locks.request(`echoo.tab.${deviceId}`, { signal: patience.signal }, held).catch(() => resolve(false));
    });
  return {
    async claim() {
      const kept = read(storage, key);
      if (kept !== undefined && (await lock(kept.deviceId))) return kept;
      const fresh = { deviceId: entropy.uuid() };
      await lock(fresh.deviceId);
      return fresh;
    },
    write: (kept) => quietly(() => storage.setItem(key, JSON.stringify(kept))),
    forget: () => quietly(() => storage.removeItem(key)),
    release: () => release(),
  };
}

/** Reading `sessionStorage` throws in a sandboxed frame. */
function storageOf(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

function read(storage: Storage, key: string): KeptTab | undefined {
  try {
    const value: Partial<KeptTab> | null = JSON.parse(storage.getItem(key) ?? "null");
    return typeof value?.deviceId === "string" ? (value as KeptTab) : undefined;
  } catch {
    return undefined;
  }
}

/** A storage that is full or refused costs the next page its calls, and this one nothing. */
function quietly(act: () => void): void {
  try {
    act();
  } catch {}
}
