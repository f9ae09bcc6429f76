import { readAudit } from "../../src/audit/read-audit.ts";

/** The events of an audit log in their order, each with its count where it stands for several. */
export async function eventsIn(folder: string): Promise<string[]> {
  const events: string[] = [];
  for await (const { event, count } of readAudit(folder))
    events.push(count === undefined ? event : `${event} ${count}`);
  return events;
}
