import type { Entry, NodeId, RemoteScripts, UserPresence } from "@echoo/core";

/** A store that the suite may do to what happens to stores. */
export interface StoreUnderTest {
  readonly scripts: RemoteScripts;
  /** What a node has still to read; never waits. */
  read(node: NodeId, after: string): Promise<readonly Entry[]>;
  trim(node: NodeId, upTo: string): Promise<void>;
  /** As if the time to settle were over. */
  settle(): Promise<void>;
  /** It loses everything. */
  empty(): Promise<void>;
  /** Remembers what there is; the result puts that back, and what came later is lost. */
  dump(): Promise<() => Promise<void>>;
  /** The next step has a later moment than the last one. */
  next(): Promise<void>;
  /** As if so many entries had been written: `filled 0` and on. */
  fill(what: "stream" | "records", node: NodeId, entries: number): Promise<void>;
  /** What is announced from then on. */
  hearPresence(run: (presence: readonly UserPresence[]) => void): Promise<void>;
  close(): Promise<void>;
}
