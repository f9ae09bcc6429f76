import { findChromium } from "../chromium.ts";
import { findCoturn } from "./find-coturn.ts";
import { findFirefox } from "./find-firefox.ts";
import { findMongod, givenMongodbUri } from "./find-mongod.ts";
import { findNginx } from "./find-nginx.ts";
import { findPorcupine } from "./find-porcupine.ts";
import { findRedis } from "./find-redis.ts";
import { findSchemathesis } from "./find-schemathesis.ts";

interface Service {
  isThere(env: NodeJS.ProcessEnv): boolean;
  readonly remedy: string;
}

const services = {
  chromium: {
    isThere: (env) => findChromium(env) !== undefined,
    remedy: "install it (Debian: apt-get install chromium) or set CHROMIUM_PATH",
  },
  coturn: {
    isThere: (env) => findCoturn(env) !== undefined,
    remedy: "install it (Debian: apt-get install coturn), or put its turnserver on the PATH",
  },
  firefox: {
    isThere: (env) => findFirefox(env) !== undefined,
    remedy: "install it (Debian: apt-get install firefox-esr) or set FIREFOX_PATH",
  },
  /** A database that a test may stop and kill. */
  mongod: {
    isThere: (env) => findMongod(env) !== undefined,
    remedy: "run `npm test`, which fetches it where it can, or put a mongod (6.0 or later) on the PATH",
  },
  /** Any database, be it one that the developer runs. */
  mongodb: {
    isThere: (env) => givenMongodbUri(env) !== undefined || findMongod(env) !== undefined,
    remedy: "run `npm test`, which fetches it where it can, put a mongod on the PATH, or set ECHOO_TEST_MONGODB_URI",
  },
  nginx: {
    isThere: (env) => findNginx(env) !== undefined,
    remedy: "install it (Debian: apt-get install nginx)",
  },
  porcupine: {
    isThere: () => findPorcupine() !== undefined,
    remedy: "run `npm test`, which builds it where Go 1.24 or later is",
  },
  redis: {
    isThere: (env) => findRedis("redis", env) !== undefined,
    remedy: "install it (Debian: apt-get install redis-server), or put a redis-server (7.0 or later) on the PATH",
  },
  schemathesis: {
    isThere: () => findSchemathesis() !== undefined,
    remedy: "run `npm test`, which fetches it where Python 3.10 or later with venv and pip is",
  },
  valkey: {
    isThere: (env) => findRedis("valkey", env) !== undefined,
    remedy: "run `npm test`, which fetches it where it can, or put a valkey-server (8.0 or later) on the PATH",
  },
} as const satisfies Record<string, Service>;

export type ServiceName = keyof typeof services;

/**
 * For the `skip` option of a test or suite that needs a service: false where it is there. Where it is missing the tests
 * are skipped, and `npm test` says so at its end; under CI=true it throws, since a test that never runs there proves
 * nothing.
 */
export function requireService(name: ServiceName, env: NodeJS.ProcessEnv = process.env): false | string {
  const service = services[name];
  if (service.isThere(env)) return false;
  const reason = `${name} is missing: ${service.remedy}`;
  if (env.CI === "true") throw new Error(`${reason}; under CI=true nothing is skipped.`);
  return reason;
}
