export * from "./bounds.ts";
export { MemoryStore } from "./memory/memory-store.ts";
export * from "./node/cluster-node.ts";
export { nodeOf } from "./node-of.ts";
