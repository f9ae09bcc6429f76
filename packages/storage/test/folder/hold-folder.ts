import { once } from "node:events";
import { FolderLock } from "../../src/data-folder/folder-lock.ts";

/** Holds a folder until it is killed, or says why it cannot. Nothing else keeps the process. */
const [folder = ""] = process.argv.slice(2);
try {
  const lock = FolderLock.take(folder, "a test", 0, 1234);
  process.send?.({ held: true });
  await once(process, "message");
  lock.release();
  process.disconnect();
} catch (error) {
  process.send?.({ held: false, why: (error as Error).message }, () => process.disconnect());
}
