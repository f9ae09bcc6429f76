import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";
import { cleanName } from "../typed/clean-name.ts";
import { displayName, ownToken, ownUser } from "./people.ts";
import { done } from "./replies.ts";
import { endpoint } from "./row.ts";
import { instant } from "./wire-values.ts";

const tag = "Accounts";

const invite = z.string().min(1).max(limits.inviteChars);

/** Why an invitation does not count, or that there is none. */
const inviteErrors = ["invite_needed", "invite_invalid", "invite_expired", "invite_used"] as const;

/** One of which nothing can be seen names nothing. */
const deviceName = f.deviceId.transform((text) => cleanName(text) || undefined);

const registration = z
  .object({
    phone: f.typedId.optional(),
    phoneNumber: f.typedId.optional().describe("The same as phone."),
    displayName: displayName.optional(),
    name: displayName.optional().describe("The same as displayName."),
    otp: z
      .string()
      .regex(/^\d{6}$/)
      .optional()
      .describe("The code that was sent."),
    challenge: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("What came with the answer 202: with it the code is taken from any address."),
    invite: invite.optional().describe("An invitation: what its link has after `?invite=`."),
    device: deviceName.optional().describe("Names the device in the list of tokens."),
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
    challenge: z
      .string()
      .describe("To be sent back with the code. Without it the code is tied to the client's address."),
    devOtp: z.string().optional().describe("Only in development and only under open access."),
  })
  .meta({ id: "CodeSent" });

const madeInvitation = z
  .object({
    invite: z.string().describe("For `invite` in registering. Good for one registration."),
    code: z
      .string()
      .optional()
      .describe(
        "Where it names a number: six digits that are another key to it, for `otp` in registering, or in the app. Good as long as the link, and once with it.",
      ),
    link: z.string().describe("Opens the web phone with it."),
    expiresAt: instant,
  })
  .meta({ id: "MadeInvitation" });
const invitation = z
  .object({
    phone: f.userId
      .optional()
      .describe("The only number that it is good for; absent where it is good for any new one."),
    displayName: z.string().optional(),
    admin: z.boolean().describe("Whether it makes an administrator."),
    expiresAt: instant,
  })
  .meta({ id: "Invitation" });

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
    errors: ["forbidden", "wrong_code", "proof_not_configured", "proof_failed", ...inviteErrors, "number_taken"],
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
  listTokens: endpoint({
    operationId: "listTokens",
    method: "GET",
    path: "/api/auth/sessions",
    tag,
    auth: "token",
    doc: "The user's own tokens that are good, one for each signed-in device, newest first.",
    responses: { 200: z.object({ sessions: z.array(ownToken) }) },
  }),
  revokeToken: endpoint({
    operationId: "revokeToken",
    method: "DELETE",
    path: "/api/auth/sessions/:id",
    tag,
    auth: "token",
    doc: "Revokes one of the user's own tokens and cuts its live sockets.",
    params: z.object({ id: f.tokenId }),
    responses: { 200: done },
  }),
  revokeAllTokens: endpoint({
    operationId: "revokeAllTokens",
    method: "DELETE",
    path: "/api/auth/sessions",
    tag,
    auth: "token",
    doc: "Revokes all of the user's own tokens, that of this request included, and cuts their live sockets.",
    responses: { 200: done },
  }),
  createInvitation: endpoint({
    operationId: "createInvitation",
    method: "POST",
    path: "/api/invitations",
    tag,
    auth: "token",
    doc: "Makes an invitation, good once and for 15 minutes. For administrators. One that names a number signs in as that number, known or not.",
    body: z
      .object({ phone: f.typedId.optional(), displayName: displayName.optional() })
      .optional()
      .meta({ id: "NewInvitation" }),
    responses: { 201: madeInvitation },
    errors: ["forbidden"],
  }),
  readInvitation: endpoint({
    operationId: "readInvitation",
    method: "POST",
    path: "/api/invitations/read",
    tag,
    auth: "none",
    doc: "What an invitation is good for. Reading it does not use it.",
    body: z.object({ invite }).meta({ id: "InvitationToRead" }),
    responses: { 200: invitation },
    errors: ["invite_invalid", "invite_expired", "invite_used"],
  }),
};
