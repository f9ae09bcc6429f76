import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CanaryTour } from "./canary-tour.ts";

const { ann, bob, cid, annsAddress, bobsAddress } = CanaryTour.userFacts;

/** How the database goes away and comes back. */
export interface Outage {
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

/** Everything in order: proofs, misuse, a call through a crash, an outage of the database, an end of an account. */
export async function goEverywhere(tour: CanaryTour, outage: Outage): Promise<void> {
  const { server } = tour;
  const [first, second] = [await tour.proveByCode(ann, annsAddress), await tour.proveByCode(bob, bobsAddress)];
  const third = await tour.prove(cid, annsAddress);
  await tour.withHostTokens();
  await tour.misplaceTokens(first);
  await tour.tellOfPeople(first);
  const { caller, callee, callId } = await tour.call(first, second);
  await server.restart("SIGKILL");
  for (const peer of [caller, callee]) await peer.resume();
  await outage.begin();
  const statuses = await tour.askInVain(third);
  assert.ok(statuses.includes(503), `${statuses}`);
  await outage.end();
  caller.send({ type: "hangup", callId });
  await callee.next("hangup");
  await tour.erase(second);
  tour.canaries.add("an erased number", bob);
  await server.kill("SIGTERM");
}

/** All that was written for people to read. */
export function logsOf({ server }: CanaryTour): string {
  const audit = join(server.data, "audit.log");
  return `${server.output()}\n${existsSync(audit) ? readFileSync(audit, "utf8") : ""}`;
}
