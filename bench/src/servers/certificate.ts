import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A certificate for a bench, as settings that name its files. */
export async function makeCertificate(): Promise<{ readonly env: Record<string, string>; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "echoo-bench-tls-"));
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
  });
  const env = { TLS_CERT: join(folder, "cert.pem"), TLS_KEY: join(folder, "key.pem") };
  writeFileSync(env.TLS_CERT, cert);
  writeFileSync(env.TLS_KEY, key);
  return { env, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
