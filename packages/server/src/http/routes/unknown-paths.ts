import { Refusal, type RestRow, restContract } from "@echoo/protocol";
import type { Express } from "express";
import { groupBy } from "../replies/group-by.ts";
import { type RefusalDeps, replyWithError } from "../replies/refusal-reply.ts";

/** Comes after all routes: a known path with another method is 405, everything else 404. */
export function refuseTheRest(app: Express, deps: RefusalDeps): void {
  const rows: readonly RestRow[] = Object.values(restContract);
  const byPath = groupBy(rows, (row) => row.path);
  // A path that is named as it is comes before one with a parameter that could stand for it.
  const parameters = ([path]: readonly [string, unknown]) => path.split(":").length;
  for (const [path, same] of [...byPath].sort((a, b) => parameters(a) - parameters(b))) {
    const methods = same.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
    app.all(path, (request, response, next) => {
      // A method of the contract that is not mounted here is not there at all.
      if (methods.includes(request.method)) return next();
      response.set("Allow", methods.join(", "));
      replyWithError(deps, response, new Refusal("method_not_allowed"));
    });
  }
  app.use((_request, response) => replyWithError(deps, response, new Refusal("not_found")));
}
