import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";
import { instant } from "./wire-values.ts";

export const displayName = f.name(limits.displayNameChars);
export const presenceChoice = z.enum(["everyone", "contacts", "nobody"]);
/** What a person is called: the number itself where no name is known. */
const shownName = z.string().describe("The number itself where no name is known.");

const publicFields = {
  phone: f.userId,
  displayName: shownName,
  online: z.boolean().optional().describe("Absent where the person does not show it to you."),
  lastSeenAt: instant.optional(),
};
const ownFields = {
  presence: presenceChoice.describe("Who sees whether this person is online."),
  doNotDisturb: z.boolean(),
  proven: z.boolean().describe("Whether the number was proven; a development code proves nothing."),
  admin: z.boolean(),
  createdAt: instant,
};

/** One's own account. */
export const ownUser = z.object({ ...publicFields, ...ownFields }).meta({ id: "OwnUser" });
export type OwnUser = z.infer<typeof ownUser>;

/** A user as the reader may see them; all fields where it is the reader's own account. */
export const userProfile = z
  .object({ ...publicFields, ...z.object(ownFields).partial().shape })
  .meta({ id: "UserProfile" });
export type UserProfile = z.infer<typeof userProfile>;

export const contact = z
  .object({
    phone: f.userId,
    name: z.string().describe("The user's own name for them."),
    registered: z.boolean(),
    online: z.boolean().optional(),
  })
  .meta({ id: "Contact" });
export type ContactBody = z.infer<typeof contact>;

export const block = z.object({ phone: f.userId, createdAt: instant }).meta({ id: "Block" });
export type BlockBody = z.infer<typeof block>;

/** One of a user's tokens, as its owner sees it: a device that is signed in. The secret itself is never shown again. */
export const ownToken = z
  .object({
    id: f.tokenId,
    device: f.deviceId.optional(),
    createdAt: instant,
    lastUsedAt: instant,
    expiresAt: instant,
    current: z.boolean().describe("Whether it is the token of this request."),
  })
  .meta({ id: "OwnToken" });
export type OwnToken = z.infer<typeof ownToken>;
