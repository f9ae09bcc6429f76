import { findChromium } from "./chromium.ts";

interface Service {
  isThere(env: NodeJS.ProcessEnv): boolean;
  readonly remedy: string;
}

const services = {
  chromium: {
    isThere: (env) => findChromium(env) !== undefined,
    remedy: "install it (Debian: apt-get install chromium) or set CHROMIUM_PATH",
  },
} as const satisfies Record<string, Service>;

export type ServiceName = keyof typeof services;

/**
 * For the `skip` option of a test or suite that needs a service: false where it is there. Where it is missing the tests are
 * skipped, and `npm test` says so at its end; under CI=true it throws, since a test that never runs there proves nothing.
 */
export function requireService(name: ServiceName, env: NodeJS.ProcessEnv = process.env): false | string {
  const service = services[name];
  if (service.isThere(env)) return false;
  const reason = `${name} is missing: ${service.remedy}`;
  if (env.CI === "true") throw new Error(`${reason}; under CI=true nothing is skipped.`);
  return reason;
}
