import { EchooRest, type RestOver, restOver } from "@echoo/client";
import type { AdminNow, AdminOperationId } from "@echoo/protocol";

/** Method and path of every endpoint of administration; a test holds it to the contract, row by row. */
export const adminRoutes = {
  adminNow: "GET /api/admin/now",
  adminWatchNow: "GET /api/admin/now/stream",
  adminListCalls: "GET /api/admin/calls",
  adminListRunningCalls: "GET /api/admin/running-calls",
  adminGetCall: "GET /api/admin/calls/:callId",
  adminEndCall: "POST /api/admin/calls/:callId/end",
  adminGetQuality: "GET /api/admin/quality",
  adminListPeople: "GET /api/admin/people",
  adminGetPerson: "GET /api/admin/people/:phone",
  adminUpdatePerson: "PUT /api/admin/people/:phone",
  adminErasePerson: "POST /api/admin/people/:phone/erase",
  adminRevokeToken: "DELETE /api/admin/people/:phone/tokens/:id",
  adminRevokeAllTokens: "DELETE /api/admin/people/:phone/tokens",
  adminListSettings: "GET /api/admin/settings",
  adminListAudit: "GET /api/admin/audit",
} as const satisfies Record<AdminOperationId, string>;

/** What the dashboard asks of the server, in the name of the administrator who is signed in. */
export class AdminApi {
  readonly admin: RestOver<AdminOperationId>;
  readonly everybody: EchooRest;
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
    this.admin = restOver<AdminOperationId>(adminRoutes, { token });
    this.everybody = new EchooRest({ token });
  }

  /** The installation second by second; ends when the server ends it, and throws where it cannot be had. */
  async *watchNow(signal: AbortSignal): AsyncGenerator<AdminNow> {
    const headers = { Authorization: `Bearer ${this.#token}` };
    const response = await fetch("/api/admin/now/stream", { headers, signal });
    if (!response.ok || response.body === null)
      throw Object.assign(new Error("no live view"), { status: response.status });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as AdminNow;
    }
  }
}
