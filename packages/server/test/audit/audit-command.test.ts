import assert from "node:assert/strict";
import { test } from "node:test";
import { AuditFile, AuditLog } from "@echoo/accounts";
import { FakeClock } from "@echoo/testkit";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { audit } from "../../src/commands/audit.ts";
import { runCommand } from "../../src/commands/run-command.ts";

const secret = "s".repeat(43);

test("what people call their devices forges no line of the audit log, and steers no terminal", async (t) => {
  const temporary = temporaryFolder();
  t.after(temporary.remove);
  const onFault = (error: unknown) => assert.ifError(error);
  const file = new AuditFile({ folder: temporary.path, clock: new FakeClock(), onFault });
  const log = new AuditLog({ clock: new FakeClock(), secret, file });
  const forged = '{"time":"2026-01-01T00:00:00.000Z","event":"admin_granted","outcome":"ok"}';
  const devices = [`a\n${forged}\n`, `b\r\n${forged}`, "c\u001b[2J\u001b]0;title\u0007", "d\u009b31m\u202e", "e\u2028"];
  for (const device of devices) log.note("logged_in", { user: "15551234567", device });
  for (const isJson of [false, true]) {
    const printed: string[] = [];
    const output = { print: (line: string) => void printed.push(line), say: assert.fail };
    const flags = isJson ? ["--json"] : [];
    assert.equal(await runCommand(audit, flags, { ECHOO_DATA: temporary.path, ECHOO_SECRET: secret }, output), 0);
    assert.equal(printed.length, devices.length, printed.join("\n"));
    for (const line of printed) {
      // Beyond ASCII, JSON leaves them as they are: that form is for programs.
      const odd = [...line].filter((char) => (isJson ? char < " " : /\p{C}/u.test(char)));
      assert.deepEqual(odd, [], JSON.stringify(line));
      assert.match(line, isJson ? /"event":"logged_in"/ : /^\S+ {2}logged_in /);
    }
  }
});
