import { randomUUID } from "node:crypto";

/** The only file of this package that reads the clock or draws randomness. */
export const nowMs = (): number => Date.now();
export const newId = (): string => randomUUID();
