import { createHmac, timingSafeEqual } from "node:crypto";
import type { Instant } from "@echoo/core";

/** What an invitation says. Nothing of it is stored: its signature says that it is one. */
export interface Invitation {
  /** 96 bits in 16 characters. */
  readonly id: string;
  /** In whole seconds. */
  readonly expiresAtMs: Instant;
  /** The only number that it is good for; without one it is good for any number that is not registered. */
  readonly phone?: string;
  readonly displayName?: string;
  readonly admin: boolean;
  /** Counts only while there is no administrator. */
  readonly first: boolean;
}

const format = 1;
const [idBytes, signatureBytes] = [12, 16];
/** Format and marks, the expiry in seconds, the id, how long the number is. */
const [expiryAt, idAt, lengthAt, phoneAt] = [1, 5, 17, 18];
const [adminMark, firstMark] = [0x10, 0x20];

/** The text of a link: as short as can be, for it becomes a QR code. */
export function writeInviteToken(invitation: Invitation, secret: string): string {
  const head = Buffer.alloc(phoneAt);
  head[0] = format | (invitation.admin ? adminMark : 0) | (invitation.first ? firstMark : 0);
  head.writeUInt32BE(invitation.expiresAtMs / 1000, expiryAt);
  head.write(invitation.id, idAt, idBytes, "base64url");
  const phone = Buffer.from(invitation.phone ?? "");
  head[lengthAt] = phone.length;
  const said = Buffer.concat([head, phone, Buffer.from(invitation.displayName ?? "")]);
  return Buffer.concat([said, signatureOf(said, secret)]).toString("base64url");
}

/** Undefined for anything that was not signed with this secret. Whether it has expired is the reader's to see. */
export function readInviteToken(token: string, secret: string): Invitation | undefined {
  const bytes = Buffer.from(/^[\w-]+$/.test(token) ? token : "", "base64url");
  const said = bytes.subarray(0, -signatureBytes);
  const signature = bytes.subarray(-signatureBytes);
  if (said.length < phoneAt || !timingSafeEqual(signature, signatureOf(said, secret))) return undefined;
  const marks = said.readUInt8(0);
  if ((marks & 0x0f) !== format) return undefined;
  const nameAt = phoneAt + said.readUInt8(lengthAt);
  const [phone, displayName] = [said.toString("utf8", phoneAt, nameAt), said.toString("utf8", nameAt)];
  return {
    id: said.toString("base64url", idAt, lengthAt),
    expiresAtMs: said.readUInt32BE(expiryAt) * 1000,
    admin: (marks & adminMark) !== 0,
    first: (marks & firstMark) !== 0,
    ...(phone === "" ? {} : { phone }),
    ...(displayName === "" ? {} : { displayName }),
  };
}

/** Half of an HMAC-SHA256, with a key of its own: nothing else that the secret signs can pass for an invitation. */
function signatureOf(said: Buffer, secret: string): Buffer {
  const key = createHmac("sha256", secret).update("invitations").digest();
  return createHmac("sha256", key).update(said).digest().subarray(0, signatureBytes);
}
