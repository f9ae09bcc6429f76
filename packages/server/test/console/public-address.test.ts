import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { publicAddress } from "../../src/console/public-address.ts";

const settings = { publicUrl: undefined, host: "0.0.0.0", tlsCert: undefined };
const own = ["fd00::5", "192.168.1.5"];
const ownHttps = { isOpen: true, port: 3443, fingerprint: "AB", addresses: ["192.168.1.5"] } as const;

describe("the address that is given out", () => {
  it("is the public one, whatever the server itself listens on", () => {
    const address = publicAddress(
      { ...settings, publicUrl: "https://calls.example.com" },
      { port: 3000, ownHttps },
      own,
    );
    assert.equal(address, "https://calls.example.com");
  });

  it("is that of HTTPS wherever it runs, with its port", () => {
    assert.equal(publicAddress(settings, { port: 3000, ownHttps }, own), "https://192.168.1.5:3443");
    assert.equal(publicAddress({ ...settings, tlsCert: "cert.pem" }, { port: 8443 }, own), "https://192.168.1.5:8443");
    assert.equal(publicAddress({ ...settings, tlsCert: "cert.pem" }, { port: 443 }, own), "https://192.168.1.5");
  });

  it("is plain where there is nothing else, on the address that the server listens on", () => {
    const shut = { isOpen: false, why: "port 3443 is taken" } as const;
    assert.equal(publicAddress(settings, { port: 3000, ownHttps: shut }, own), "http://192.168.1.5:3000");
    assert.equal(publicAddress({ ...settings, host: "::" }, { port: 3000 }, own), "http://[fd00::5]:3000");
    assert.equal(publicAddress({ ...settings, host: "10.0.0.7" }, { port: 80 }, own), "http://10.0.0.7");
    assert.equal(publicAddress(settings, { port: 3000 }, []), "http://127.0.0.1:3000");
  });
});
