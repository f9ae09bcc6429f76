import type { ApiOperationId } from "@echoo/protocol";

/**
 * Method and path of every endpoint of the API. The contract itself is made of validators that weigh more than the whole SDK, so
 * browsers get this much of it; a test holds it to the contract, row by row.
 */
export const restRoutes = {
  register: "POST /api/auth/register",
  logout: "POST /api/auth/logout",
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
  saveCall: "POST /api/calls",
  markCallsSeen: "POST /api/calls/:phone/seen",
  getCall: "GET /api/calls/:phone/:callId",
  hideCall: "DELETE /api/calls/:phone/:callId",
  getStatistics: "GET /api/stats/:phone",
  getCallStatistics: "GET /api/stats/:phone/calls/:callId",
  uploadSamples: "POST /api/stats/calls/:callId",
  getTurn: "GET /api/turn",
  getHealth: "GET /api/health",
  live: "GET /livez",
  ready: "GET /readyz",
  askAboutSocket: "GET /api/socket",
  getOpenApi: "GET /openapi.json",
  getAsyncApi: "GET /asyncapi.json",
  getDocs: "GET /docs",
  getMetrics: "GET /metrics",
} as const satisfies Record<ApiOperationId, `${"GET" | "POST" | "PUT" | "DELETE"} /${string}`>;
