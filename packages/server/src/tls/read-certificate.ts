import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { Instant } from "@echoo/core";

/** Where a certificate and its key lie. Both may be in one file. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that fits its key and that OpenSSL accepts. It may have expired all the same. */
export interface Certificate {
  /** What a TLS server is set up with. */
  readonly context: SecureContextOptions;
  /** The server's own certificate, the first of its chain. */
  readonly leaf: X509Certificate;
  readonly startsAtMs: Instant;
  readonly expiresAtMs: Instant;
}

/** Why files are of no use as a certificate and key: a sentence that names the setting and says what to do. */
export class CertificateFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CertificateFault";
  }
}

/** No chain and no key comes near this; a device file has no end. */
const maxFileBytes = 1024 * 1024;

/** Reads and checks both files. Throws CertificateFault for whatever is wrong with them. */
export function readCertificate(files: CertificateFiles): Certificate {
  const [cert, key] = [readFile("TLS_CERT", files.cert), readFile("TLS_KEY", files.key)];
  const leaf = parseCertificate(files.cert, cert);
  const privateKey = parseKey(files.key, key);
  if (!leaf.checkPrivateKey(privateKey)) throw new CertificateFault(mismatch(files, cert, privateKey));
  const context = { cert, key, minVersion: "TLSv1.2" } as const;
  try {
    createSecureContext(context);
  } catch (cause) {
    throw new CertificateFault(`TLS_CERT: ${files.cert} is not accepted by OpenSSL (${messageOf(cause)})`, { cause });
  }
  const [startsAtMs, expiresAtMs] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  return { context, leaf, startsAtMs, expiresAtMs };
}

function readFile(setting: string, path: string): string {
  try {
    const file = statSync(path);
    if (file.isDirectory()) throw new CertificateFault(`${setting} must name a file; ${path} is a folder`);
    if (!file.isFile()) throw new CertificateFault(`${setting} must name an ordinary file; ${path} is none`);
    if (file.size > maxFileBytes) throw new CertificateFault(`${setting}: ${path} is too large for a PEM file`);
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof CertificateFault) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new CertificateFault(`${setting} names ${path}, which is not there`, { cause });
    }
    if (code === "EACCES" || code === "EPERM") {
      const remedy = "give the user that runs the server the right to it";
      throw new CertificateFault(`${setting} names ${path}, which may not be read: ${remedy}`, { cause });
    }
    throw new CertificateFault(`${setting}: ${path} cannot be read (${messageOf(cause)})`, { cause });
  }
}

const certificateBlock =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;
const keyBlock = /-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----/;

function parseCertificate(path: string, pem: string): X509Certificate {
  const [first] = pem.match(certificateBlock) ?? [];
  if (first === undefined) {
    const why = keyBlock.test(pem)
      ? "holds a private key and no certificate: TLS_CERT and TLS_KEY may have changed places"
      : "holds no certificate in PEM, the text that begins with -----BEGIN CERTIFICATE-----";
    throw new CertificateFault(`TLS_CERT: ${path} ${why}`);
  }
  try {
    return new X509Certificate(first);
  } catch (cause) {
    throw new CertificateFault(`TLS_CERT: ${path} holds a damaged certificate (${messageOf(cause)})`, { cause });
  }
}

function parseKey(path: string, pem: string): KeyObject {
  if (!keyBlock.test(pem)) {
    const why = "holds no private key in PEM, the text that begins with -----BEGIN PRIVATE KEY-----";
    throw new CertificateFault(`TLS_KEY: ${path} ${why}`);
  }
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    const remedy = "store it without one (openssl pkey -in FILE -out NEW) and keep the file to yourself";
    throw new CertificateFault(`TLS_KEY: ${path} is encrypted, and nobody is there to type its passphrase: ${remedy}`);
  }
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new CertificateFault(`TLS_KEY: ${path} holds a damaged private key (${messageOf(cause)})`, { cause });
  }
}

function mismatch(files: CertificateFiles, pem: string, key: KeyObject): string {
  const later = (pem.match(certificateBlock) ?? []).slice(1);
  if (later.some((block) => belongs(block, key))) {
    return `TLS_CERT: ${files.cert} must begin with the server's own certificate; those of its issuers come after it`;
  }
  return `TLS_KEY: ${files.key} is not the key of the certificate in TLS_CERT (${files.cert})`;
}

function belongs(block: string, key: KeyObject): boolean {
  try {
    return new X509Certificate(block).checkPrivateKey(key);
  } catch {
    return false;
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
