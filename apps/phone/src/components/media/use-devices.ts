import { useEffect, useState } from "preact/hooks";

/** The devices there are, read again when one is plugged in or out; undefined until they were read once. */
export function useDevices(): readonly MediaDeviceInfo[] | undefined {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>();
  useEffect(() => {
    const media = navigator.mediaDevices;
    if (!media) return;
    let here = true;
    const read = () =>
      void media.enumerateDevices().then(
        (found) => here && setDevices(found),
        () => undefined,
      );
    read();
    media.addEventListener("devicechange", read);
    return () => {
      here = false;
      media.removeEventListener("devicechange", read);
    };
  }, []);
  return devices;
}
