import { watch } from "node:fs";
import { after, defaultDeadlineMs, withDeadline } from "./platform.ts";

/** A reading that was refused for a moment leaves no trace when it is possible again. */
const againMs = 500;

/**
 * What a reading gives once it is as wanted: records come behind the messages, and each leaves a trace in the data folder of
 * its server, whatever that stores in.
 */
export async function onceStored<T>(
  folder: string,
  read: () => Promise<T>,
  isWanted: (value: T) => boolean,
  explain: () => string = () => "",
): Promise<T> {
  let wake = () => {};
  let last: T | undefined;
  const watcher = watch(folder, () => wake());
  const wanted = (async () => {
    for (;;) {
      const written = new Promise<void>((resolve) => {
        wake = resolve;
      });
      last = await read();
      if (isWanted(last)) return last;
      await Promise.race([written, after(againMs)]);
    }
  })();
  const why = () => `what is stored stays ${JSON.stringify(last)}:\n${explain()}`;
  return withDeadline(wanted, 3 * defaultDeadlineMs, why).finally(() => watcher.close());
}
