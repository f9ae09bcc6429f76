import type { RequestListener, Server } from "node:http";
import { join } from "node:path";
import { listenedOn, networkAddresses } from "@echoo/accounts";
import type { Clock } from "@echoo/core";
import type { ShutdownSteps } from "../composition/shutdown-steps.ts";
import type { Config } from "../config/read-config.ts";
import type { CertificateReloader } from "../tls/certificate-reloader.ts";
import { developmentCertificate, type OwnNames } from "../tls/development-certificate.ts";
import type { RequestPacing } from "./request-pacing.ts";
import { closeWebServer, createWebServer, listen } from "./web-server.ts";

/** HTTPS with a certificate of this server's own, for development. */
export type OwnHttps =
  | {
      readonly isOpen: true;
      readonly port: number;
      /** SHA-256, as browsers show it. */
      readonly fingerprint: string;
      /** Of this machine, for others to use; the likeliest first. */
      readonly addresses: readonly string[];
    }
  | { readonly isOpen: false; readonly why: string };

interface WebListenersDeps {
  readonly config: Pick<Config, "dataDir" | "devHttpsPort" | "host" | "hosts" | "port" | "production" | "tlsCert">;
  readonly clock: Clock;
  readonly steps: ShutdownSteps;
  readonly hostname: string;
  readonly certificate: CertificateReloader | undefined;
  readonly answer: RequestListener;
  readonly turns: RequestPacing;
  /** Called with each server before it listens. */
  readonly onServer: (server: Server) => void;
}

const usualHttpsPort = 3443;

/** Listens on PORT, with TLS where there is a certificate. Rejects where it cannot. */
export async function listenOnPort(deps: WebListenersDeps): Promise<number> {
  const { config, certificate, answer, turns } = deps;
  const server = createWebServer({ answer, turns, certificate: certificate?.current.context });
  if (certificate !== undefined) certificate.serve(server as Parameters<CertificateReloader["serve"]>[0]);
  return open(deps, "web server", server, config.port);
}

/**
 * In development, where PORT speaks plain HTTP: browsers give camera and microphone to pages over HTTPS alone, except
 * on the machine itself. Undefined where it is not wanted; a fault is told and stops nothing.
 */
export async function listenOnOwnHttps(deps: WebListenersDeps): Promise<OwnHttps | undefined> {
  const { config, clock, hostname, answer, turns } = deps;
  const { devHttpsPort: wanted = config.port === 0 ? 0 : usualHttpsPort } = config;
  if (config.production || config.tlsCert !== undefined || wanted === "off") return undefined;
  try {
    const file = join(config.dataDir, "development-https.pem");
    const { context, leaf } = await developmentCertificate(file, ownNames(config, hostname), clock.now());
    const server = createWebServer({ answer, turns, certificate: context });
    const port = await open(deps, "development HTTPS", server, wanted);
    return {
      isOpen: true,
      port,
      fingerprint: leaf.fingerprint256,
      addresses: listenedOn(config.host, networkAddresses()),
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const taker = wanted === config.port ? "PORT" : "another program";
    return { isOpen: false, why: code === "EADDRINUSE" ? `port ${wanted} is taken by ${taker}` : message };
  }
}

async function open({ config, clock, steps, onServer }: WebListenersDeps, name: string, server: Server, port: number) {
  onServer(server);
  const opened = await listen(server, port, config.host);
  steps.add(name, () => closeWebServer(server, clock));
  return opened;
}

function ownNames(config: Pick<Config, "host" | "hosts">, hostname: string): OwnNames {
  const names = ["localhost", hostname, `${hostname}.local`, ...config.hosts];
  const addresses = ["127.0.0.1", "::1", ...listenedOn(config.host, networkAddresses())];
  return {
    names: [...new Set(names)].filter((name) => /^[a-z0-9][a-z0-9.-]{0,251}[a-z0-9]$/i.test(name)),
    addresses: [...new Set(addresses)],
  };
}
