import { generateKeyPairSync } from "node:crypto";
import type { Clock, ServerKeys } from "@echoo/core";

/** The key pair by which push services know this system (RFC 8292); browsers subscribe with the public one. */
interface WebKey {
  /** 65 bytes in base64url: what a page subscribes with. */
  readonly publicKey: string;
  readonly privateJwk: EcPrivateJwk;
}

interface EcPrivateJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

export interface WebKeys {
  /** Rejects with `StoreUnavailable` while the database is away and the key was not read yet. */
  load(): Promise<WebKey>;
}

const name = "vapid";

/** Made once in the life of a system: with another key every subscription would be void. */
export function createWebKeys(keys: ServerKeys, clock: Pick<Clock, "now">): WebKeys {
  let loading: Promise<WebKey> | undefined;
  async function read(): Promise<WebKey> {
    const kept = await keys.findOrKeep(name, JSON.stringify(makeKey()), clock.now());
    const privateJwk = JSON.parse(kept) as EcPrivateJwk;
    const [x, y] = [privateJwk.x, privateJwk.y].map((part) => Buffer.from(part, "base64url"));
    const publicKey = Buffer.concat([Buffer.of(4), x ?? Buffer.of(), y ?? Buffer.of()]).toString("base64url");
    return { publicKey, privateJwk };
  }
  return {
    load() {
      loading ??= read().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },
  };
}

function makeKey(): EcPrivateJwk {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ format: "jwk" }) as EcPrivateJwk;
}
