/** What the choice of devices needs of a browser. */
export interface DevicesPort {
  enumerate(): Promise<readonly Pick<MediaDeviceInfo, "deviceId" | "kind" | "label">[]>;
  /** Runs on each device that comes or goes. The result stops it. */
  watch(changed: () => void): () => void;
}

/** Where a choice outlives the page. */
export interface DeviceMemory {
  read(): string | null;
  write(text: string): void;
}

const key = "echoo-devices";

/** The browser's own; a page without a secure context has no devices. */
export const browserDevices: DevicesPort = {
  enumerate: async () => (await globalThis.navigator?.mediaDevices?.enumerateDevices()) ?? [],
  watch(changed) {
    const devices: MediaDevices | undefined = globalThis.navigator?.mediaDevices;
    devices?.addEventListener("devicechange", changed);
    return () => devices?.removeEventListener("devicechange", changed);
  },
};

/** localStorage, where the page may use it: a browser may refuse even to be asked. */
export const browserMemory: DeviceMemory = {
  read() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  write(text) {
    try {
      localStorage.setItem(key, text);
    } catch {
      // The choice holds for this page alone.
    }
  },
};
