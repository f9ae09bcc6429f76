import { stat } from "node:fs/promises";
import type { Server } from "node:https";
import type { Clock, Instant } from "@echoo/core";
import type { Logger } from "../observability/logging.ts";
import { type Certificate, CertificateFault, type CertificateFiles, readCertificate } from "./read-certificate.ts";

/** How often the files are looked at. Two calls of stat cost nothing, and notice what a watch of the system misses. */
const lookEveryMs = 1_000;
const dayMs = 24 * 3_600_000;
/** From here on the log says once a day that a certificate ends. */
const soonMs = 14 * dayMs;

interface CertificateKeeperDeps {
  readonly files: CertificateFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of each certificate that comes into use. */
  readonly onUse: (expiresAtMs: Instant) => void;
}

/**
 * The certificate of the operator, and whatever takes its place in the files: by a rename, a symlink that points
 * elsewhere, or new bytes. A pair that does not fit, as when only one of the files has been replaced yet, changes
 * nothing: the one before stays in use until both do. Open connections keep what they began with.
 */
export class CertificateReloader {
  readonly #deps: CertificateKeeperDeps;
  readonly #servers = new Set<Server>();
  #current: Certificate;
  #seen: string;
  #cancelLook = () => {};
  #cancelReminder = () => {};
  #isStopped = false;

  private constructor(deps: CertificateKeeperDeps, seen: string) {
    this.#deps = deps;
    this.#seen = seen;
    this.#current = readCertificate(deps.files);
    this.#use(this.#current);
    this.#lookLater();
  }

  /** Rejects with CertificateFault where the files are of no use at the start. */
  static async open(deps: CertificateKeeperDeps): Promise<CertificateReloader> {
    return new CertificateReloader(deps, await stateOf(deps.files));
  }

  get current(): Certificate {
    return this.#current;
  }

  /** New connections of this server get whatever certificate is in use. */
  serve(server: Server): void {
    this.#servers.add(server);
  }

  /** Reads the files again, changed or not. Never throws because of what is in them. */
  reload(): void {
    if (this.#isStopped) return;
    const { files, logger } = this.#deps;
    let next: Certificate;
    try {
      next = readCertificate(files);
    } catch (fault) {
      if (!(fault instanceof CertificateFault)) throw fault;
      logger.warn({ fault: fault.message }, "the TLS certificate stays as it is, for the new one cannot be used (yet)");
      return;
    }
    const isSame = next.context.cert === this.#current.context.cert && next.context.key === this.#current.context.key;
    if (isSame) {
      logger.info("the TLS certificate was read again and is the same");
      return;
    }
    this.#current = next;
    for (const server of this.#servers) server.setSecureContext(next.context);
    logger.info({ expiresAt: dateOf(next.expiresAtMs) }, "a new TLS certificate is in use");
    this.#use(next);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelLook();
    this.#cancelReminder();
  }

  #use(certificate: Certificate): void {
    this.#deps.onUse(certificate.expiresAtMs);
    this.#remind();
  }

  /** Says what is amiss with its dates, now and every day. */
  #remind(): void {
    const { clock, logger } = this.#deps;
    const { startsAtMs, expiresAtMs } = this.#current;
    const [now, dates] = [clock.now(), { from: dateOf(startsAtMs), expiresAt: dateOf(expiresAtMs) }];
    if (now < startsAtMs) logger.warn(dates, "TLS_CERT is not valid yet: clients refuse it; is the clock right?");
    else if (now >= expiresAtMs) logger.warn(dates, "TLS_CERT has expired: clients refuse it; renew it");
    else if (expiresAtMs - now < soonMs) logger.warn(dates, "TLS_CERT expires within 14 days: renew it");
    this.#cancelReminder();
    this.#cancelReminder = clock.after(dayMs, () => this.#remind());
  }

  #lookLater(): void {
    this.#cancelLook = this.#deps.clock.after(lookEveryMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const state = await stateOf(this.#deps.files);
    if (this.#isStopped) return;
    if (state !== this.#seen) {
      // Taken before the files are read: what is written meanwhile differs from it at the next look.
      this.#seen = state;
      this.reload();
    }
    this.#lookLater();
  }
}

/** Differs whenever one of the files does, be it another file under the same name. */
async function stateOf({ cert, key }: CertificateFiles): Promise<string> {
  const states = await Promise.all([cert, key].map((path) => stat(path, { bigint: true }).catch(() => undefined)));
  return states.map((file) => file && [file.dev, file.ino, file.size, file.mtimeNs, file.ctimeNs].join(":")).join(" ");
}

function dateOf(atMs: Instant): string {
  return new Date(atMs).toISOString();
}
