export type { ChosenDevices, DeviceKind } from "./chosen-devices.ts";
export type { DeviceMemory, DevicesPort } from "./devices-port.ts";
export {
  type Device,
  type DevicesEvents,
  type DevicesView,
  EchooDevices,
  type EchooDevicesOptions,
} from "./echoo-devices.ts";
