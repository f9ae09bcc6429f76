export * from "./bounds.ts";
export { MemoryStore } from "./memory/memory-store.ts";
export * from "./node/cluster-node.ts";
export { nodeOf } from "./node-of.ts";
export { connectRedis, type RedisPlace } from "./redis/redis-store.ts";
export { RemoteSharedMemory } from "./shared/remote-shared-memory.ts";
