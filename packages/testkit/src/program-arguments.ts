import { fileURLToPath } from "node:url";

/** A program of a package, from its sources. */
const ofPackage = /(\/packages\/\w+)\/src\/(\w+)\.ts$/;

/**
 * What Node is given to run a program of the checkout. From its sources, so that no build can be stale; `npm test` has just
 * built and says so by ECHOO_TEST_BUILT=true: then the packages' own programs are what operators run, and start in half the
 * time.
 */
export function programArguments(program: URL, env: NodeJS.ProcessEnv = process.env): string[] {
  const built = program.href.replace(ofPackage, "$1/dist/$2.js");
  if (env.ECHOO_TEST_BUILT === "true" && built !== program.href) return ["--enable-source-maps", fileURLToPath(built)];
  return ["--conditions=source", "--import", "tsx", fileURLToPath(program)];
}
