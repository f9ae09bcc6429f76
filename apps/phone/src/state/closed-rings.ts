import type { PushDeviceBody } from "@echoo/protocol";
import type { FunctionComponent } from "preact";
import type { Cell } from "./cell.ts";

/** Whether this browser rings although the page is closed. `blocked`: its user once told it never to ask. */
export type ClosedRingsState = "unsupported" | "blocked" | "off" | "on";

export interface ClosedRings {
  /** What the home and the page of devices show of it: it comes with the script. */
  readonly Ask: FunctionComponent<{ readonly rings: ClosedRings }>;
  readonly Settings: FunctionComponent<{ readonly rings: ClosedRings }>;
  readonly state: Cell<ClosedRingsState>;
  /** Whether this is a good moment to ask: after a call, and not again once it was answered. */
  readonly asks: Cell<boolean>;
  readonly problem: Cell<string | undefined>;
  /** Every device of this person that rings so. */
  readonly devices: Cell<readonly PushDeviceBody[] | undefined>;
  turnOn(): Promise<void>;
  turnOff(): Promise<void>;
  remove(deviceId: string): Promise<void>;
  readDevices(): Promise<void>;
  notNow(): void;
}
