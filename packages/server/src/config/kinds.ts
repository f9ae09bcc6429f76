import type { TrustedProxies } from "@echoo/accounts";
import ipaddr from "ipaddr.js";

/** What values a setting takes: how that is said to people, and how text becomes a value. */
export interface Kind<T> {
  /** Ends the sentence "NAME must be …". */
  readonly must: string;
  /** Undefined for text that is no such value. */
  readonly read: (text: string) => T | undefined;
}

export function wholeNumber(unit: string, min: number, max: number): Kind<number> {
  const what = unit === "" ? "a whole number" : `a whole number of ${unit}`;
  return {
    must: `${what} between ${min} and ${max}`,
    read(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function choice<const V extends readonly [string, ...string[]]>(...values: V): Kind<V[number]> {
  const shown = values.length === 1 ? values[0] : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
  return { must: shown, read: (text) => values.find((value) => value === text) };
}

export const onOff: Kind<boolean> = {
  must: "on or off",
  read: (text) => (text === "on" ? true : text === "off" ? false : undefined),
};

export const portOrOff: Kind<number | "off"> = {
  must: "a port between 0 and 65535, or off",
  read: (text) => (text === "off" ? "off" : wholeNumber("", 0, 65_535).read(text)),
};

export const anyText: Kind<string> = { must: "text", read: (text) => text };

export function secretText(minChars: number): Kind<string> {
  return { must: `a secret of at least ${minChars} characters`, read: (text) => keepIf(text, text.length >= minChars) };
}

/** One secret, or two during a rotation: the newest comes first. */
export function rotatedSecrets(minChars: number): Kind<readonly string[]> {
  return {
    must: `one secret, or two with a comma between them and the newest first, each of at least ${minChars} characters`,
    read(text) {
      const secrets = split(text);
      return keepIf(secrets, secrets.length <= 2 && secrets.every((secret) => secret.length >= minChars));
    },
  };
}

export const mongodbUri: Kind<string> = {
  must: "a connection string such as mongodb+srv://user:password@cluster.example.net/ or mongodb://localhost:27017/",
  read: (text) => keepIf(text, /^mongodb(\+srv)?:\/\/[^/]/.test(text)),
};

export const redisUrl: Kind<string> = {
  must: "an address such as redis://user:password@redis.internal:6379 or rediss://redis.example.net",
  read: (text) => keepIf(text, /^rediss?:\/\/[^/]/.test(text) && URL.canParse(text)),
};

export const sentinels: Kind<readonly string[]> = {
  must: "a list such as sentinel-1:26379,user:password@sentinel-2:26379 with commas between them",
  read(text) {
    const all = split(text);
    const isSentinel = (one: string) => /^([^@/\s]*@)?[^@/\s]+:\d{1,5}$/.test(one) && URL.canParse(`redis://${one}`);
    return keepIf(all, all.length > 0 && all.length <= 16 && all.every(isSentinel));
  },
};

/** What names of keys begin with. */
export const keyPrefix: Kind<string> = {
  must: "at most 64 letters, digits and any of : . _ - / { }",
  read: (text) => keepIf(text, /^[\w:.\-/{}]{1,64}$/.test(text)),
};

export const webUrl: Kind<string> = {
  must: "an address such as https://calls.example.com",
  read(text) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && /^https?:$/.test(url.protocol) ? url.href.replace(/\/$/, "") : undefined;
  },
};

/** Taken as it stands: a slash at its end may matter. */
export const keySetUrl: Kind<string> = {
  must: "an address such as https://login.example.com/.well-known/jwks.json, without a user name or password",
  read(text) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
    return keepIf(text, isPlain && url.hash === "");
  },
};

export const hostNames: Kind<readonly string[]> = {
  must: "a list of host names without ports, with commas between them",
  read(text) {
    const hosts = split(text.toLowerCase());
    return keepIf(hosts, hosts.length > 0 && hosts.every((host) => /^[\w.-]{1,253}$/.test(host)));
  },
};

export const webOrigins: Kind<readonly string[]> = {
  must: "a list of origins such as https://app.example.com, with commas between them",
  read(text) {
    const origins = split(text);
    const exact = origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin);
    return keepIf(origins, origins.length > 0 && exact);
  },
};

export const iceUrls: Kind<readonly string[]> = {
  must: "a list of stun:, stuns:, turn: or turns: addresses, with commas between them",
  read(text) {
    const urls = split(text);
    const pattern = /^(stuns?:[^\s?]+|turns?:[^\s?]+(\?transport=(udp|tcp))?)$/;
    return keepIf(urls, urls.length > 0 && urls.length <= 16 && urls.every((url) => pattern.test(url)));
  },
};

export const trustedProxies: Kind<TrustedProxies> = {
  must:
    "a number of proxies from 1 to 10, or a list of networks such as 10.0.0.0/8 with commas between them" +
    " (never true: anybody could then claim any address)",
  read(text) {
    if (/^\d+$/.test(text)) {
      const hops = Number(text);
      return hops >= 1 && hops <= 10 ? { kind: "hops", hops } : undefined;
    }
    const networks = split(text).flatMap((name) => (name === "loopback" ? ["127.0.0.0/8", "::1/128"] : [name]));
    return networks.length > 0 && networks.every(isNetwork) ? { kind: "networks", networks } : undefined;
  },
};

function isNetwork(text: string): boolean {
  return ipaddr.isValid(text) ? !/^\d+$/.test(text) : ipaddr.isValidCIDR(text);
}

function split(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function keepIf<T>(value: T, holds: boolean): T | undefined {
  return holds ? value : undefined;
}
