import { openSync } from "node:fs";
import { AuditFile } from "@echoo/accounts";
import { systemClock } from "../../src/composition/platform.ts";

/** Writes entries while every descriptor of the process is taken, and says how many times it could not. */
const [folder = "", entries = "0", fileBytes = "0"] = process.argv.slice(2);
const faults: unknown[] = [];
const file = new AuditFile({
  folder,
  clock: systemClock,
  onFault: (error) => void faults.push(String(error)),
  bounds: { fileBytes: Number(fileBytes), fileMs: 1e12, oldFiles: 99, oldFileMs: 1e12 },
});
const add = (event: string) => file.append(JSON.stringify({ time: "2026-01-01T00:00:00.000Z", event }));
add("started");
const taken = takeAll();
for (let index = 0; index < Number(entries); index += 1) add(`event ${index}`);
process.send?.({ taken, faults });

function takeAll(): number {
  for (let count = 0; ; count += 1) {
    try {
      openSync("/dev/null", "r");
    } catch {
      return count;
    }
  }
}
