import type { AdminOperationId, ApiOperationId } from "@echoo/protocol";

/**
 * Method and path of what a host's backend asks for, by operationId: people, their tokens, invitations and calls. What only a
 * person's own device needs is left out; what begins with `admin` takes an administrator's token. A test holds each row to the contract.
 */
export const adminRoutes = {
  register: "POST /api/auth/register",
  listTokens: "GET /api/auth/sessions",
  revokeToken: "DELETE /api/auth/sessions/:id",
  revokeAllTokens: "DELETE /api/auth/sessions",
  createInvitation: "POST /api/invitations",
  readInvitation: "POST /api/invitations/read",
  getUser: "GET /api/users/:phone",
  updateUser: "PUT /api/users/:phone",
  deleteUser: "DELETE /api/users/:phone",
  exportUser: "GET /api/users/:phone/export",
  listContacts: "GET /api/users/:phone/contacts",
  putContact: "PUT /api/users/:phone/contacts/:contact",
  deleteContact: "DELETE /api/users/:phone/contacts/:contact",
  listBlocks: "GET /api/users/:phone/blocks",
  putBlock: "PUT /api/users/:phone/blocks/:other",
  deleteBlock: "DELETE /api/users/:phone/blocks/:other",
  listCalls: "GET /api/calls/:phone",
  markCallsSeen: "POST /api/calls/:phone/seen",
  getCall: "GET /api/calls/:phone/:callId",
  hideCall: "DELETE /api/calls/:phone/:callId",
  getStatistics: "GET /api/stats/:phone",
  getCallStatistics: "GET /api/stats/:phone/calls/:callId",
  getHealth: "GET /api/health",
  adminNow: "GET /api/admin/now",
  adminListCalls: "GET /api/admin/calls",
  adminListRunningCalls: "GET /api/admin/running-calls",
  adminGetCall: "GET /api/admin/calls/:callId",
  adminEndCall: "POST /api/admin/calls/:callId/end",
  adminListPeople: "GET /api/admin/people",
  adminGetPerson: "GET /api/admin/people/:phone",
  adminUpdatePerson: "PUT /api/admin/people/:phone",
  adminErasePerson: "POST /api/admin/people/:phone/erase",
  adminRevokeToken: "DELETE /api/admin/people/:phone/tokens/:id",
  adminRevokeAllTokens: "DELETE /api/admin/people/:phone/tokens",
  adminListSettings: "GET /api/admin/settings",
  adminListAudit: "GET /api/admin/audit",
} as const satisfies {
  readonly [Id in ApiOperationId | AdminOperationId]?: `${"GET" | "POST" | "PUT" | "DELETE"} /${string}`;
};
