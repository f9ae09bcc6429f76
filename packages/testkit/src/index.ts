export * from "./fake-clock.ts";
export * from "./seeded-ids.ts";
export * from "./seeded-random.ts";
