export * from "./memory-journal.ts";
export { play } from "./play.ts";
export * from "./scenario.ts";
export * from "./scenario-actor.ts";
export type { DeviceMessage, ScenarioDevice } from "./scenario-device.ts";
export type { PlayedEngine } from "./scenario-node.ts";
export { ScenarioPush } from "./scenario-push.ts";
export { ScenarioUserFacts } from "./scenario-user-facts.ts";
