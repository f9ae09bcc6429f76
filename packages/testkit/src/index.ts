export * from "./fake-clock.ts";
export * from "./seeded-ids.ts";
export * from "./seeded-random.ts";
export { findChromium, launchChromium } from "./services/chromium.ts";
export { requireService, type ServiceName } from "./services/require-service.ts";
