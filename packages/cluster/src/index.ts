export * from "./bounds.ts";
export { MemoryStore } from "./memory/memory-store.ts";
export { nodeOf } from "./node-of.ts";
export * from "./scripts.ts";
