import type { NodeId, RemoteScripts, StoreEnvelope, UserPresence } from "./scripts.ts";

/** The store cannot be asked now, or did not answer; whether the step was taken is not known. */
export class ClusterAway extends Error {
  constructor(cause?: unknown) {
    super("the other nodes cannot be reached", { cause });
    this.name = "ClusterAway";
  }
}

/** What the engine is told of the other nodes. Nothing here may throw. */
export interface ClusterListener {
  /** After every connection: what is ours has to be put back where it was lost, and asked again what was not answered. */
  connected(): void;
  disconnected(): void;
  /** This boot is over: its sessions and calls are to be forgotten. `node` is another one already. */
  buried(): void;
  /** An envelope from this node's stream, in order; of another node, or of the store itself. */
  received(envelope: StoreEnvelope | { readonly kind: string }): void;
  /** How users look now, in the order in which that was seen; some of it may have been lost. */
  presence(heard: readonly UserPresence[]): void;
  /** Homes that are no more and hold calls; told of until somebody has adopted those. */
  orphaned(homes: readonly NodeId[]): void;
}

/** What happens to calls because there are several nodes, for whoever watches them. */
export type ClusterEvent = "adopted" | "conflicts" | "fenced" | "gaps" | "handed_over" | "rebound";

/**
 * The other nodes. Absent on a single node, whose engine then decides, writes and tells within one turn. Steps are
 * taken in the order in which they were asked for, and a step of a boot that is over is never answered.
 */
export interface Cluster {
  readonly node: NodeId;
  readonly scripts: RemoteScripts;
  /** Nothing has been heard of the store for three seconds, or there is no connection to it. */
  readonly isAway: boolean;
  listen(listener: ClusterListener): void;
  counted(event: ClusterEvent): void;
  /** The record of an ended call waits in the store, under this id, until the database has it. */
  recordWaits(callId: string, recordId: string): void;
}
