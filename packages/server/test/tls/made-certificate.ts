import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

const dayMs = 24 * 3_600_000;

interface MadeOptions {
  readonly nowMs?: number;
  readonly fromDays?: number;
  readonly toDays?: number;
  /** Signs it, instead of its own key. */
  readonly issuer?: Made;
  readonly keyType?: "ec" | "rsa";
  readonly keySize?: number;
  /** Besides localhost. */
  readonly names?: readonly string[];
}

export interface Made {
  readonly cert: string;
  readonly key: string;
}

/** A certificate for this machine as itself, good for a year unless said otherwise. */
export async function makeCertificate(options: MadeOptions = {}): Promise<Made> {
  const {
    nowMs = Date.now(),
    fromDays = -1,
    toDays = 365,
    issuer,
    keyType = "ec",
    keySize = 2048,
    names = [],
  } = options;
  const made = await generate([{ name: "commonName", value: "a test" }], {
    ...(keyType === "ec" ? { keyType, curve: "P-256" as const } : { keyType, keySize }),
    algorithm: "sha256",
    notBeforeDate: new Date(nowMs + fromDays * dayMs),
    notAfterDate: new Date(nowMs + toDays * dayMs),
    ...(issuer === undefined ? {} : { ca: issuer }),
    extensions: [
      {
        name: "subjectAltName",
        altNames: [
          ...["localhost", ...names].map((value) => ({ type: 2 as const, value })),
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { cert: `${made.cert.trim()}\n`, key: `${made.private.trim()}\n` };
}

/** A folder for the files of a test. */
export function certificateFolder(test: { after(run: () => void): void }) {
  const folder = mkdtempSync(join(tmpdir(), "echoo-tls-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  /** In one piece or not at all, as a tool that renews certificates does it. */
  const put = (path: string, text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const write = ({ cert, key }: Made) => {
    put(files.cert, cert);
    put(files.key, key);
  };
  return { folder, files, put, write };
}
