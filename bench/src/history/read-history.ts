import type { Installation } from "./installation.ts";
import { reader } from "./made-up-history.ts";

const dayMs = 24 * 3_600_000;
const pageSize = 50;

/** What a client reads of its history, by name. */
export type Reading = Readonly<Record<string, string>>;

/** The paths that are read; a page from the middle needs the cursor of the one before it. */
export async function readings(installation: Installation, own: number): Promise<Reading> {
  const history = `/api/calls/${reader}?limit=${pageSize}`;
  const since = new Date(Date.now() - 100 * dayMs).toISOString();
  return {
    "the newest page": history,
    "a page in the middle": `${history}&cursor=${await middleCursor(installation, own)}`,
    "missed calls alone": `${history}&status=missed`,
    "calls that came in, of the last 100 days": `${history}&direction=incoming&since=${since}`,
    "statistics of 30 days": `/api/stats/${reader}?days=30`,
  };
}

async function middleCursor(installation: Installation, own: number): Promise<string> {
  let cursor = "";
  for (let read = 0; read < own / 2; read += 200) {
    const at = cursor === "" ? "" : `&cursor=${cursor}`;
    const page = (await get(installation, `/api/calls/${reader}?limit=200${at}`)) as { nextCursor?: string };
    if (page.nextCursor === undefined) throw new Error("the history is shorter than it should be");
    cursor = encodeURIComponent(page.nextCursor);
  }
  return cursor;
}

/** How long one request takes, to the last byte, in milliseconds. */
export async function timeOf(installation: Installation, path: string): Promise<number> {
  const startMs = performance.now();
  await get(installation, path);
  return performance.now() - startMs;
}

async function get({ server, token }: Installation, path: string): Promise<unknown> {
  const reply = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!reply.ok) throw new Error(`${reply.status} from ${path}: ${await reply.text()}`);
  return reply.json();
}
