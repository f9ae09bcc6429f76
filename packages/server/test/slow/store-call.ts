// A program: stores one call in the embedded store of the folder that it is given, and what its callee's client told.
import { join } from "node:path";
import { openSqliteStore } from "@echoo/storage";
import { endedCall, pause, startMs } from "@echoo/testkit";

const [, , folder = ""] = process.argv;
const store = openSqliteStore({ pause, file: join(folder, "echoo.db") });
const call = endedCall("c1");
await store.calls.record([call]);
const events = [{ n: 0, t: (call.answeredAtMs ?? 0) + 500, kind: "playback", state: "refused" }] as const;
await store.reports.add([{ callId: "c1", reporter: "+492", receivedAtMs: startMs, events }]);
await store.close();
