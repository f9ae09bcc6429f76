import { type Profiler, Session } from "node:inspector/promises";
import { setFlagsFromString } from "node:v8";

const counted = "/packages/core/src/";

// Compiled code counts nothing: everything is interpreted in this process.
for (const flag of ["--no-opt", "--no-maglev", "--no-sparkplug"]) setFlagsFromString(flag);

/**
 * How many steps of the engine's own code some work takes: each call of a function, each turn of a loop and each branch
 * that was taken counts one, as V8 counts them for coverage. It measures no time, and gives the same on any machine.
 */
export async function countSteps(run: () => void | Promise<void>): Promise<number> {
  const inspector = new Session();
  inspector.connect();
  await inspector.post("Profiler.enable");
  await inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  await inspector.post("Profiler.takePreciseCoverage");
  await run();
  const { result } = await inspector.post("Profiler.takePreciseCoverage");
  await inspector.post("Profiler.stopPreciseCoverage");
  inspector.disconnect();
  return result.filter(({ url }) => url.includes(counted)).reduce((sum, script) => sum + stepsOf(script), 0);
}

function stepsOf({ functions }: Profiler.ScriptCoverage): number {
  return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
}
