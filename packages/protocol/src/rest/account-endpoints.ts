import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";
import { displayName, ownUser, tokenSession } from "./people.ts";
import { done } from "./replies.ts";
import { endpoint } from "./row.ts";
import { instant } from "./wire-values.ts";

const tag = "Accounts";

const registration = z
  .object({
    phone: f.userId.optional(),
    phoneNumber: f.userId.optional().describe("The same as phone."),
    displayName: displayName.optional(),
    name: displayName.optional().describe("The same as displayName."),
    otp: z
      .string()
      .regex(/^\d{6}$/)
      .optional()
      .describe("The code that was sent."),
    invite: z.string().min(1).max(limits.labelChars).optional(),
    device: f.deviceId.optional().describe("Names the device in the list of tokens."),
  })
  .meta({ id: "Registration", anyOf: [{ required: ["phone"] }, { required: ["phoneNumber"] }] });

/** Either spelling comes out as `phone` and `displayName`. */
const registerBody = registration.transform(({ phone, phoneNumber, displayName, name, ...rest }, context) => {
  const number = phone ?? phoneNumber;
  if (number === undefined) {
    context.addIssue({ code: "custom", path: ["phone"], message: "a phone number is needed" });
    return z.NEVER;
  }
  return { ...rest, phone: number, displayName: displayName ?? name };
});

const signedIn = z
  .object({ user: ownUser, token: z.string().describe("Shown this once."), expiresAt: instant })
  .meta({ id: "SignedIn" });
const codeSent = z
  .object({
    status: z.literal("otp_sent"),
    expiresInSec: f.count,
    devOtp: z.string().optional().describe("Only in development and only under open access."),
  })
  .meta({ id: "CodeSent" });

export const accountEndpoints = {
  register: endpoint({
    operationId: "register",
    method: "POST",
    path: "/api/auth/register",
    tag,
    auth: "none",
    doc: "Registers or logs in. Without proof, and where open access does not cover the request, a code is sent first.",
    body: registerBody,
    responses: { 200: signedIn, 201: signedIn, 202: codeSent },
    errors: ["forbidden", "wrong_code", "proof_not_configured", "proof_failed"],
  }),
  logout: endpoint({
    operationId: "logout",
    method: "POST",
    path: "/api/auth/logout",
    tag,
    auth: "token",
    doc: "Revokes the token of this request and cuts its live sockets.",
    responses: { 200: done },
  }),
  listSessions: endpoint({
    operationId: "listSessions",
    method: "GET",
    path: "/api/auth/sessions",
    tag,
    auth: "token",
    doc: "One's living tokens, newest first.",
    responses: { 200: z.object({ sessions: z.array(tokenSession) }) },
  }),
  revokeSession: endpoint({
    operationId: "revokeSession",
    method: "DELETE",
    path: "/api/auth/sessions/:id",
    tag,
    auth: "token",
    doc: "Revokes one of one's tokens and cuts its live sockets.",
    params: z.object({ id: f.sessionId }),
    responses: { 200: done },
  }),
  revokeSessions: endpoint({
    operationId: "revokeSessions",
    method: "DELETE",
    path: "/api/auth/sessions",
    tag,
    auth: "token",
    doc: "Revokes all of one's tokens, that of this request included, and cuts their live sockets.",
    responses: { 200: done },
  }),
};
