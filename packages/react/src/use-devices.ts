import type { DevicesView, EchooDevices } from "@echoo/client/devices";
import { useGiven } from "./echoo-context.ts";
import { type Store, storeOf } from "./store.ts";
import { useStore } from "./use-store.ts";

const viewOf = storeOf((devices: EchooDevices): Store<DevicesView> => {
  return { subscribe: (changed) => devices.on("change", changed), read: () => devices.view };
});

/** The microphones, cameras and speakers there are, those that were chosen, and `devices.choose`. */
export function useDevices(): DevicesView & { readonly devices: EchooDevices } {
  const devices = useGiven("devices");
  return { ...useStore(viewOf(devices)), devices };
}
