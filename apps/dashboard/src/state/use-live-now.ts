import type { AdminNow } from "@echoo/protocol";
import { useEffect, useState } from "preact/hooks";
import { after } from "../platform.ts";
import type { AdminApi } from "./admin-api.ts";

const againAfterMs = 3_000;

interface LiveNow {
  readonly now?: AdminNow;
  /** The stream ended and is asked for again; what is shown is as it was. */
  readonly isLost: boolean;
}

/** The installation second by second, for as long as the component is there. */
export function useLiveNow(api: AdminApi): LiveNow {
  const [live, setLive] = useState<LiveNow>({ isLost: false });
  useEffect(() => {
    const stop = new AbortController();
    let cancel = () => {};
    const watch = async () => {
      try {
        for await (const now of api.watchNow(stop.signal)) setLive({ now, isLost: false });
      } catch {
        // Said below, like an end: the next try says what is wrong, or that nothing is.
      }
      if (stop.signal.aborted) return;
      setLive(({ now }) => ({ isLost: true, ...(now === undefined ? {} : { now }) }));
      cancel = after(againAfterMs, () => void watch());
    };
    void watch();
    return () => {
      stop.abort();
      cancel();
    };
  }, [api]);
  return live;
}
