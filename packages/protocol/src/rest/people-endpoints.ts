import { z } from "zod";
import * as f from "../fields.ts";
import { callVerdict } from "../why/verdict-bodies.ts";
import { call } from "./call-bodies.ts";
import { block, contact, displayName, ownToken, ownUser, presenceChoice, userProfile } from "./people.ts";
import { pushDevice } from "./push-endpoints.ts";
import { done } from "./replies.ts";
import { endpoint } from "./row.ts";
import { callSide } from "./stats-bodies.ts";
import { instant } from "./wire-values.ts";

const tag = "People";
const ofUser = z.object({ phone: f.typedId });

const exportedCall = call
  .extend({
    hidden: z.boolean().describe("The user took it out of their history."),
    ringingAt: instant.optional(),
    connectedAt: instant.optional(),
    device: z.string().optional().describe("The user's own in that call."),
    client: z
      .object({ name: z.string().optional(), version: z.string().optional(), platform: z.string().optional() })
      .optional()
      .describe("What the user's own client said of itself."),
    verdictDetails: callVerdict.optional(),
    glare: z.boolean().describe("Both dialled each other."),
    reconnects: f.count,
    reportedBy: z.array(f.userId).optional().describe("Who told of it, where the server did not see it itself."),
  })
  .meta({ id: "ExportedCall" });

const exported = z
  .object({
    exportedAt: instant,
    user: ownUser,
    sessions: z.array(ownToken),
    contacts: z.array(contact.omit({ online: true }).extend({ createdAt: instant })),
    blocks: z.array(block),
    devices: z.array(pushDevice.omit({ current: true }).extend({ address: z.string() })),
    calls: z.array(exportedCall),
    statistics: z.array(callSide.extend({ callId: f.callId })).describe("This user's own side of each call."),
  })
  .meta({ id: "Export" });

export const peopleEndpoints = {
  getUser: endpoint({
    operationId: "getUser",
    method: "GET",
    path: "/api/users/:phone",
    tag,
    auth: "open",
    doc: "One's own account whole; another's as their privacy allows. At most 200 strangers a day.",
    params: ofUser,
    responses: { 200: z.object({ user: userProfile }) },
  }),
  updateUser: endpoint({
    operationId: "updateUser",
    method: "PUT",
    path: "/api/users/:phone",
    tag,
    auth: "open",
    doc: "Changes the given fields of one's own account.",
    params: ofUser,
    body: z
      .object({
        displayName: displayName.optional(),
        presence: presenceChoice.optional(),
        doNotDisturb: z.boolean().optional(),
      })
      .meta({ id: "UserUpdate" }),
    responses: { 200: z.object({ user: ownUser }) },
  }),
  deleteUser: endpoint({
    operationId: "deleteUser",
    method: "DELETE",
    path: "/api/users/:phone",
    tag,
    auth: "token",
    doc: "Erases one's account and its data, ends its calls and cuts its sockets.",
    params: ofUser,
    responses: { 200: done },
  }),
  exportUser: endpoint({
    operationId: "exportUser",
    method: "GET",
    path: "/api/users/:phone/export",
    tag,
    auth: "token",
    doc: "Everything stored about oneself.",
    params: ofUser,
    responses: { 200: exported },
  }),
  listContacts: endpoint({
    operationId: "listContacts",
    method: "GET",
    path: "/api/users/:phone/contacts",
    tag,
    auth: "token",
    doc: "One's contacts, by name, then number.",
    params: ofUser,
    responses: { 200: z.object({ contacts: z.array(contact) }) },
  }),
  putContact: endpoint({
    operationId: "putContact",
    method: "PUT",
    path: "/api/users/:phone/contacts/:contact",
    tag,
    auth: "token",
    doc: "Adds or renames a contact; without a name, the one that they chose themselves. 409 when the list is full.",
    params: ofUser.extend({ contact: f.typedId }),
    body: z.object({ name: displayName.optional() }).optional(),
    responses: { 200: z.object({ contact }), 201: z.object({ contact }) },
    errors: ["conflict"],
  }),
  deleteContact: endpoint({
    operationId: "deleteContact",
    method: "DELETE",
    path: "/api/users/:phone/contacts/:contact",
    tag,
    auth: "token",
    doc: "Removes a contact.",
    params: ofUser.extend({ contact: f.typedId }),
    responses: { 200: done },
  }),
  listBlocks: endpoint({
    operationId: "listBlocks",
    method: "GET",
    path: "/api/users/:phone/blocks",
    tag,
    auth: "token",
    doc: "Whom one blocked.",
    params: ofUser,
    responses: { 200: z.object({ blocks: z.array(block) }) },
  }),
  putBlock: endpoint({
    operationId: "putBlock",
    method: "PUT",
    path: "/api/users/:phone/blocks/:other",
    tag,
    auth: "token",
    doc: "Blocks a user, to whom the blocking user is offline from now on. 409 when the list is full.",
    params: ofUser.extend({ other: f.typedId }),
    responses: { 200: z.object({ block }), 201: z.object({ block }) },
    errors: ["conflict"],
  }),
  deleteBlock: endpoint({
    operationId: "deleteBlock",
    method: "DELETE",
    path: "/api/users/:phone/blocks/:other",
    tag,
    auth: "token",
    doc: "Lifts a block.",
    params: ofUser.extend({ other: f.typedId }),
    responses: { 200: done },
  }),
};
