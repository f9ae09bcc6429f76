declare module "http_ece" {
  import type { ECDH } from "node:crypto";

  interface EncryptParams {
    readonly version: "aes128gcm";
    readonly privateKey: ECDH;
    /** The receiver's public key and its secret, in base64url. */
    readonly dh: string;
    readonly authSecret: string;
  }

  /** RFC 8188 with the keys of RFC 8291; the salt is made anew each time. */
  export function encrypt(plain: Buffer, params: EncryptParams): Buffer;
}
