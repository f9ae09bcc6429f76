import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Instant } from "@echoo/core";
import ipaddr from "ipaddr.js";
import { type Certificate, CertificateFault, readCertificate } from "./read-certificate.ts";

/** Under what this machine may be asked for. */
export interface OwnNames {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

const dayMs = 24 * 3_600_000;
/** Apple's systems refuse certificates that last longer than 825 days, even those that a person trusts. */
const validDays = 365;
/** One that ends so soon is replaced at the start, not while a developer works with it. */
const renewBeforeMs = 7 * dayMs;
/** A phone's clock may be behind. */
const skewMs = dayMs;
/** A certificate is sent with each handshake. */
const [maxNames, maxAddresses] = [16, 48];

/**
 * The certificate that this server signed for itself, for development: kept in the file, so that people accept it once,
 * and made anew when it is about to expire or does not name this machine any more.
 */
export async function developmentCertificate(file: string, all: OwnNames, nowMs: Instant): Promise<Certificate> {
  const own = { names: all.names.slice(0, maxNames), addresses: all.addresses.slice(0, maxAddresses) };
  const kept = readKept(file);
  if (kept !== undefined && kept.expiresAtMs - nowMs > renewBeforeMs && isNamed(kept, own)) return kept;
  const pem = await makePem(own, nowMs);
  mkdirSync(dirname(file), { recursive: true });
  // One file, renamed when it is whole: a certificate never lies beside the key of another.
  writeFileSync(`${file}.new`, pem, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return readCertificate({ cert: file, key: file });
}

function readKept(file: string): Certificate | undefined {
  try {
    return readCertificate({ cert: file, key: file });
  } catch (fault) {
    // None yet, or a damaged one: either way it is made anew.
    if (fault instanceof CertificateFault) return undefined;
    throw fault;
  }
}

/** IPv6 addresses change by themselves from day to day; a new certificate for each would have to be accepted anew. */
function isNamed({ leaf }: Certificate, { names, addresses }: OwnNames): boolean {
  return (
    names.every((name) => leaf.checkHost(name) !== undefined) &&
    addresses.every((address) => !ipaddr.IPv4.isValid(address) || leaf.checkIP(address) !== undefined)
  );
}

async function makePem({ names, addresses }: OwnNames, nowMs: Instant): Promise<string> {
  // Takes a tenth of a second to load, and is needed once a year.
  const { generate } = await import("selfsigned");
  const altNames = [
    ...names.map((value) => ({ type: 2 as const, value })),
    ...addresses.map((ip) => ({ type: 7 as const, ip })),
  ];
  const { cert, private: key } = await generate([{ name: "commonName", value: "Echoo, for development" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(nowMs - skewMs),
    notAfterDate: new Date(nowMs + validDays * dayMs),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
  return `${cert.trim()}\n${key.trim()}\n`;
}
