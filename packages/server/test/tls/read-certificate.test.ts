import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { CertificateFault, readCertificate } from "../../src/tls/read-certificate.ts";
import { certificateFolder, makeCertificate } from "./made-certificate.ts";

describe("reading a certificate", async () => {
  const [good, other, rsa] = await Promise.all([
    makeCertificate(),
    makeCertificate(),
    makeCertificate({ keyType: "rsa" }),
  ]);
  const issued = await makeCertificate({ issuer: other });
  const key = createPrivateKey(good.key);
  const locked = { cipher: "aes-256-cbc", passphrase: "nobody types this", format: "pem" } as const;
  const begin = "-----BEGIN CERTIFICATE-----\n";

  for (const [what, cert, privateKey] of [
    ["with its own key", good.cert, good.key],
    ["with an RSA key", rsa.cert, rsa.key],
    ["with its issuer's after it", issued.cert + other.cert, issued.key],
    ["after a text about it", `subject=CN = a test\n${good.cert}`, good.key],
    ["with Windows' ends of lines", good.cert.replaceAll("\n", "\r\n"), good.key.replaceAll("\n", "\r\n")],
    ["in one file with its key", good.key + good.cert, good.cert + good.key],
    ["with the older kind of key block", good.cert, String(key.export({ type: "sec1", format: "pem" }))],
  ] as const) {
    test(`succeeds ${what}`, (t) => {
      const { files, write } = certificateFolder(t);
      write({ cert, key: privateKey });
      const read = readCertificate(files);
      assert.equal(read.context.minVersion, "TLSv1.2");
      assert.ok(read.leaf.checkPrivateKey(createPrivateKey(privateKey)));
      assert.equal(new Date(read.expiresAtMs).getUTCFullYear(), new Date(read.leaf.validTo).getUTCFullYear());
      assert.ok(read.startsAtMs < read.expiresAtMs);
    });
  }

  const der = new X509Certificate(good.cert).raw.toString("latin1");
  for (const [what, cert, privateKey, fault] of [
    ["whose key is another's", good.cert, other.key, /^TLS_KEY: .*key\.pem is not the key of .*cert\.pem/],
    [
      "with the issuer's before it",
      other.cert + issued.cert,
      issued.key,
      /^TLS_CERT: .* must begin with the server's own/,
    ],
    ["in the place of its key", good.key, good.cert, /^TLS_CERT: .* private key and no certificate.*changed places/],
    ["that is no PEM", der, good.key, /^TLS_CERT: .* no certificate in PEM/],
    ["that is empty", "", good.key, /^TLS_CERT: .* no certificate in PEM/],
    ["that is damaged", `${begin}AAAA\n-----END CERTIFICATE-----\n`, good.key, /^TLS_CERT: .* damaged certificate/],
    ["that was cut off", good.cert.slice(0, 300), good.key, /^TLS_CERT: .* no certificate in PEM/],
    ["without a key", good.cert, good.cert, /^TLS_KEY: .* no private key in PEM/],
    ["with a damaged key", good.cert, `${good.key.slice(0, 60)}\n-----END PRIVATE KEY-----\n`, /^TLS_KEY: .* damaged/],
    ["with an encrypted key", good.cert, String(key.export({ type: "pkcs8", ...locked })), /^TLS_KEY: .* is encrypted/],
    [
      "with an older encrypted key",
      good.cert,
      String(key.export({ type: "sec1", ...locked })),
      /^TLS_KEY: .* is encrypted/,
    ],
  ] as const) {
    test(`fails for one ${what}, in words that name the setting and the file`, (t) => {
      const { files } = certificateFolder(t);
      writeFileSync(files.cert, cert, "latin1");
      writeFileSync(files.key, privateKey, "latin1");
      assert.throws(
        () => readCertificate(files),
        (error: Error) => {
          assert.ok(error instanceof CertificateFault);
          assert.match(error.message, fault);
          assert.ok(!error.message.includes("BEGIN PRIVATE KEY-----\n"), "nothing of the key is told");
          return true;
        },
      );
    });
  }
});

describe("files that are no certificate and key", async () => {
  const good = await makeCertificate();

  test("fails for a key that is too weak for TLS of today", async (t) => {
    const { files, write } = certificateFolder(t);
    const weak = await makeCertificate({ keyType: "rsa", keySize: 512 });
    write(weak);
    assert.throws(() => readCertificate(files), /^CertificateFault: TLS_CERT: .* is not accepted by OpenSSL \(.*small/);
  });

  test("fails for files that cannot be read, and says which, and why", (t) => {
    const { folder, files } = certificateFolder(t);
    const write = () => {
      writeFileSync(files.cert, good.cert);
      writeFileSync(files.key, good.key);
    };
    const says = (fault: RegExp) => assert.throws(() => readCertificate(files), fault);
    says(/TLS_CERT names .*cert\.pem, which is not there/);
    write();
    rmSync(files.key);
    says(/TLS_KEY names .*key\.pem, which is not there/);
    mkdirSync(files.key);
    says(/TLS_KEY must name a file; .*key\.pem is a folder/);
    assert.throws(() => readCertificate({ ...files, cert: `${files.cert}/deeper` }), /TLS_CERT names .* is not there/);
    assert.throws(() => readCertificate({ ...files, cert: "/dev/zero" }), /TLS_CERT must name an ordinary file/);
    writeFileSync(files.cert, Buffer.alloc(1024 * 1024 + 1));
    says(/TLS_CERT: .*cert\.pem is too large/);
    rmSync(folder, { recursive: true });
    says(/TLS_CERT/);
  });

  test("fails for a key that this user may not read", {
    skip: process.getuid?.() === 0 ? "root reads everything" : false,
  }, (t) => {
    const { files } = certificateFolder(t);
    writeFileSync(files.cert, good.cert);
    writeFileSync(files.key, good.key);
    chmodSync(files.key, 0);
    assert.throws(() => readCertificate(files), /TLS_KEY names .*key\.pem, which may not be read/);
  });
});
