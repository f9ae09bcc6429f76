// Loaded into a measured server before its own code. It does nothing until the bench asks over the process channel:
// what memory is left after a collection, or a profile of the time until it is asked again.
import { writeFile } from "node:fs/promises";

/** @typedef {{ id: number, ask: "memory" | "startCpu" | "stopCpu" | "startHeap" | "stopHeap", file?: string }} Question */

/** @type {import("node:inspector/promises").Session | undefined} */
let session;

async function inspector() {
  const { Session } = await import("node:inspector/promises");
  session = new Session();
  session.connect();
  return session;
}

/** @param {Question} question @returns {Promise<unknown>} */
async function answer({ ask, file = "" }) {
  switch (ask) {
    case "memory":
      await globalThis.gc?.({ type: "major", execution: "sync" });
      return { ...process.memoryUsage(), resources: process.getActiveResourcesInfo().length };
    case "startCpu": {
      const opened = await inspector();
      await opened.post("Profiler.enable");
      await opened.post("Profiler.setSamplingInterval", { interval: 200 });
      return opened.post("Profiler.start");
    }
    case "stopCpu":
      return write(file, (await session?.post("Profiler.stop"))?.profile);
    case "startHeap":
      return (await inspector()).post("HeapProfiler.startSampling", {
        samplingInterval: 16_384,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      });
    case "stopHeap":
      return write(file, (await session?.post("HeapProfiler.stopSampling"))?.profile);
  }
}

/** @param {string} file @param {unknown} profile */
async function write(file, profile) {
  await writeFile(file, JSON.stringify(profile));
  session?.disconnect();
  session = undefined;
}

process.on("message", (/** @type {Question} */ question) => {
  answer(question).then(
    (value) => process.send?.({ id: question.id, value }),
    (error) => process.send?.({ id: question.id, error: String(error) }),
  );
});
const { BENCH_PROFILE_FROM_START: fromStart } = process.env;
if (fromStart === "Cpu" || fromStart === "Heap") await answer({ id: 0, ask: `start${fromStart}` });
// The channel alone must not keep a server alive that wants to end.
process.channel?.unref();
