import { createDecipheriv, createECDH, createHmac, type ECDH, hkdfSync } from "node:crypto";
import { randomSecret } from "../../platform.ts";

/** What a browser keeps of a subscription: with it a push can be read. */
export class PushSubscriptionKeys {
  readonly #ecdh: ECDH;
  readonly #auth: Buffer;

  constructor(privateKey?: string, auth?: string) {
    this.#ecdh = createECDH("prime256v1");
    if (privateKey === undefined) this.#ecdh.generateKeys();
    else this.#ecdh.setPrivateKey(Buffer.from(privateKey, "base64url"));
    this.#auth = Buffer.from(auth ?? randomSecret(), "base64url").subarray(0, 16);
  }

  /** As a page sends it to the server. */
  get public(): { p256dh: string; auth: string } {
    return { p256dh: this.#ecdh.getPublicKey("base64url"), auth: this.#auth.toString("base64url") };
  }

  /** RFC 8291 over RFC 8188, written from the text of both: one record, its keys from the header. Throws on all else. */
  decrypt(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const [recordSize, idLength] = [body.readUInt32BE(16), body.readUInt8(20)];
    const senderKey = body.subarray(21, 21 + idLength);
    const record = body.subarray(21 + idLength);
    if (record.length > recordSize) throw new Error("a push has one record");
    const shared = this.#ecdh.computeSecret(senderKey);
    const keyInfo = Buffer.concat([Buffer.from("WebPush: info\0"), this.#ecdh.getPublicKey(), senderKey]);
    const prkKey = createHmac("sha256", this.#auth).update(shared).digest();
    const ikm = createHmac("sha256", prkKey)
      .update(Buffer.concat([keyInfo, Buffer.of(1)]))
      .digest();
    const derive = (label: string, length: number) =>
      Buffer.from(hkdfSync("sha256", ikm, salt, `Content-Encoding: ${label}\0`, length));
    const decipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
    decipher.setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
    const end = padded.lastIndexOf(2);
    if (end < 0) throw new Error("the last record has no end");
    return padded.subarray(0, end).toString();
  }
}
