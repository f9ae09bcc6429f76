export * from "./bounds.ts";
export { MemoryStore } from "./memory/memory-store.ts";
export { ClusterClock } from "./node/cluster-clock.ts";
export * from "./node/cluster-node.ts";
export { nodeOf } from "./node-of.ts";
export { connectRedis, type RedisPlace } from "./redis/redis-store.ts";
export { type AdmissionRequest, requireAdmission } from "./redis/require-admission.ts";
export { RedisRefused } from "./redis/require-usable.ts";
export { RemoteSharedMemory } from "./shared/remote-shared-memory.ts";
