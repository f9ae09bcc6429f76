import assert from "node:assert/strict";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { openSqliteStore } from "@echoo/storage";
import { pause, type ServerProcess, spawnServer } from "@echoo/testkit";
import { contentOf } from "../../../storage/test/folder/content-of.ts";
import {
  type DamageDone,
  flipped,
  removed,
  rewritten,
  truncatedTo,
  zeroed,
} from "../../../storage/test/folder/damaging.ts";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { ask } from "../e2e/ask.ts";
import { runToItsEnd } from "../e2e/start-server-process.ts";
import { fillWithCalls, number } from "../slow/grown-store.ts";
import { talk } from "../ws/talk.ts";

/** Enough that a history lies on many pages, and a damaged one hits some people and not others. */
const calls = 3000;
const lookedAt = Array.from({ length: 40 }, (_, i) => number(i * 20));

/** It says why, and leaves everything as it is. */
interface Refused {
  readonly refuses: RegExp;
}

/** `log` is its only complaint; without one there is nothing to complain of. */
interface Served {
  readonly serves: "everything" | "some histories" | "histories without the last calls";
  readonly log?: RegExp;
  readonly status?: "ok";
  /** Entries of the journal. */
  readonly setAside?: number;
  readonly store?: "damaged";
  /** Whether the call that was under way can go on. */
  readonly call: "goes on" | "is lost";
}

interface Kind {
  readonly name: string;
  /** How the server went before the damage. */
  readonly after: "a stop" | "a kill";
  readonly damage: DamageDone;
  readonly outcome: Refused | Served;
}

const whole = { serves: "everything", status: "ok", call: "goes on" } as const;
const partly = { serves: "some histories", store: "damaged", call: "goes on" } as const;
const aside = { serves: "everything", status: "ok", setAside: 1, call: "is lost" } as const;
const beside = /echoo\.db is (missing|empty), but the folder was in use: it has .*server-secret.*Restore .* backup/;

const kinds: readonly Kind[] = [
  { name: "nothing", after: "a stop", damage: () => {}, outcome: whole },
  { name: "nothing, after a kill", after: "a kill", damage: () => {}, outcome: whole },
  { name: "echoo.db is empty", after: "a stop", damage: truncatedTo("echoo.db", 0), outcome: { refuses: beside } },
  {
    name: "echoo.db is empty beside its log",
    after: "a kill",
    damage: truncatedTo("echoo.db", 0),
    outcome: { refuses: /echoo\.db is empty, but .* it has echoo\.db-wal, journal\.db, server-secret, the audit log/ },
  },
  {
    name: "echoo.db is gone, its log is there",
    after: "a kill",
    damage: removed("echoo.db"),
    outcome: { refuses: /echoo\.db is missing, but .* it has echoo\.db-wal/ },
  },
  {
    name: "all of echoo.db and the journal are gone, the secret is there",
    after: "a stop",
    damage: (folder) => {
      for (const file of readdirSync(folder)) if (file !== "server-secret") rmSync(join(folder, file));
    },
    outcome: { refuses: /echoo\.db is missing, but the folder was in use: it has server-secret/ },
  },
  {
    name: "nothing but the audit log is there",
    after: "a stop",
    damage: (folder) => {
      for (const file of readdirSync(folder)) if (file !== "audit.log") rmSync(join(folder, file));
    },
    outcome: { refuses: /echoo\.db is missing, but the folder was in use: it has the audit log/ },
  },
  {
    name: "half of echoo.db is gone",
    after: "a stop",
    damage: truncatedTo("echoo.db", 0.5),
    outcome: { refuses: /echoo\.db is damaged or not a database\. Restore it from a backup/ },
  },
  {
    name: "the first byte of echoo.db is another",
    after: "a stop",
    damage: flipped("echoo.db", 0),
    outcome: { refuses: /echoo\.db is damaged or not a database/ },
  },
  {
    name: "the log of echoo.db is gone",
    after: "a kill",
    damage: removed("echoo.db-wal"),
    outcome: { refuses: /echoo\.db-wal is missing, but .*echoo\.db was not closed: what was written last was in it/ },
  },
  {
    name: "the log of echoo.db has a broken page early on",
    after: "a kill",
    damage: flipped("echoo.db-wal", 0.02),
    outcome: {
      serves: "histories without the last calls",
      store: "damaged",
      log: /echoo\.db-wal is damaged.*\d+ pages of it can be read, and \d+ behind them.*cannot.*copied to .*echoo\.db-wal\.damaged-/,
      call: "goes on",
    },
  },
  {
    name: "a page of echoo.db is all zeros",
    after: "a stop",
    damage: zeroed("echoo.db", 0.3, 1),
    outcome: { ...partly, log: /echoo\.db is damaged: a part of it cannot be read.*Found: / },
  },
  {
    name: "many pages of echoo.db are all zeros",
    after: "a stop",
    damage: zeroed("echoo.db", 0.5, 16),
    outcome: { ...partly, log: /echoo\.db is damaged: a part of it cannot be read.*Found: / },
  },
  {
    name: "a text of echoo.db is none any more, which the library does not survive",
    after: "a stop",
    damage: rewritten("echoo.db", "ann's phone", "ann's ph\xf6ne", 5),
    outcome: { ...partly, log: /echoo\.db is damaged.*5 rows of calls hold a text that is damaged/ },
  },
  {
    name: "one byte in each of 40 pages of echoo.db is another",
    after: "a stop",
    damage: flipped("echoo.db", 0.2, 40),
    outcome: { ...partly, log: /echoo\.db is damaged: a part of it cannot be read.*Found: / },
  },
  {
    name: "half of journal.db is gone",
    after: "a stop",
    damage: truncatedTo("journal.db", 0.5),
    outcome: {
      serves: "everything",
      log: /journal\.db is damaged: calls under way and records that waited are lost; it was moved to .*journal\.db\.damaged-/,
      call: "is lost",
    },
  },
  {
    name: "the JSON of a call in journal.db is none",
    after: "a stop",
    damage: rewritten("journal.db", '"state":"', '!state":"', 1),
    outcome: { ...aside, log: /"kind":"live".*"why":"it is no JSON".*of the journal is of no use, and was set aside/ },
  },
  {
    name: "a call in journal.db has another shape",
    after: "a stop",
    damage: rewritten("journal.db", '"aliases"', '"aliasez"', 1),
    outcome: { ...aside, log: /"kind":"live".*"why":"aliases is missing".*was set aside/ },
  },
  {
    name: "a text of a call in journal.db is none any more",
    after: "a stop",
    damage: rewritten("journal.db", '"aliases"', '"ali\xf6ses"', 1),
    outcome: { ...aside, log: /"kind":"live".*"why":"a text of it is damaged".*was set aside/ },
  },
  {
    name: "server-secret is gone",
    after: "a stop",
    damage: removed("server-secret"),
    outcome: {
      ...whole,
      log: /server-secret is missing though the folder was in use.*invitations and codes that are open are void/,
    },
  },
  {
    name: "server-secret is empty",
    after: "a stop",
    damage: truncatedTo("server-secret", 0),
    outcome: { refuses: /server-secret is damaged/ },
  },
];

describe("a start on a damaged folder", () => {
  const folders = temporaryFolder();
  const folderOf = (how: Kind["after"]) => join(folders.path, how);
  let server: ServerProcess;
  let sound: readonly (number | "refused")[] = [];

  before(async () => {
    const retained = { ECHOO_RETAIN_CALLS_DAYS: "3650", ECHOO_RETAIN_SAMPLES_DAYS: "3650", ECHOO_RESUME_MS: "600000" };
    server = await spawnServer({ env: { ...retained, ECHOO_RATE_LIMITS: "off", ECHOO_LOG_LEVEL: "warn" } });
    const { a, b } = await talk(server);
    await Promise.all([a.confirm(), b.confirm()]);
    await server.kill("SIGKILL");
    const store = openSqliteStore({ pause, file: join(server.data, "echoo.db") });
    await fillWithCalls(store, calls);
    // As a kill would leave it: what was written last is in the log alone.
    cpSync(server.data, folderOf("a kill"), { recursive: true });
    await store.close();
    await server.start();
    sound = await histories();
    await server.kill("SIGTERM");
    cpSync(server.data, folderOf("a stop"), { recursive: true });
  });
  after(async () => {
    await server.stop();
    folders.remove();
  });

  for (const { name, after: how, damage, outcome } of kinds) {
    test(`${name}: ${"refuses" in outcome ? "it is refused, and nothing is changed" : `it serves ${outcome.serves}`}`, async () => {
      rmSync(server.data, { recursive: true });
      cpSync(folderOf(how), server.data, { recursive: true });
      damage(server.data);
      if ("refuses" in outcome) await isRefused(outcome.refuses);
      else await isServed(outcome);
    });
  }

  async function isRefused(why: RegExp): Promise<void> {
    const content = contentOf(server.data);
    const { code, stdout, stderr } = await runToItsEnd({ PORT: "0", ECHOO_DATA: server.data });
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, why);
    assert.doesNotMatch(stderr, /\n\s+at |panicked/);
    assert.deepEqual(contentOf(server.data), content);
  }

  async function isServed(outcome: Served): Promise<void> {
    const said = server.output().length;
    await server.start();
    try {
      await servesSo(outcome);
    } finally {
      await server.kill("SIGTERM");
    }
    const lines = server.output().slice(said).split("\n");
    const complaints = lines.filter((line) => /"level":"(warn|error|fatal)"|panicked/.test(line));
    assert.equal(complaints.length, outcome.log === undefined ? 0 : 1, complaints.join("\n"));
    if (outcome.log) assert.match(complaints[0] ?? "", outcome.log);
  }

  async function servesSo(outcome: Served): Promise<void> {
    const seen = await histories();
    const { body: health } = await ask(server, "GET /api/health");
    assert.deepEqual([health.status, health.store], [outcome.status ?? "degraded", outcome.store ?? "sqlite"]);
    assert.equal(health.setAside, outcome.setAside);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    assert.equal(/^echoo_journal_set_aside (\d+)$/m.exec(metrics)?.[1], String(outcome.setAside ?? 0));
    assert.equal(health.activeCalls, outcome.call === "goes on" ? 1 : 0);
    const refused = seen.filter((calls) => calls === "refused").length;
    switch (outcome.serves) {
      case "everything":
        assert.deepEqual(seen, sound);
        break;
      case "some histories":
        assert.ok(refused < seen.length, "nobody has a history");
        for (const [i, calls] of seen.entries()) assert.ok(calls === "refused" || calls === sound[i], `${lookedAt[i]}`);
        break;
      case "histories without the last calls":
        assert.equal(refused, 0);
        assert.notDeepEqual(seen, sound);
        break;
    }
  }

  /** How many calls each history has that is looked at. */
  async function histories(): Promise<readonly (number | "refused")[]> {
    const replies = await Promise.all(lookedAt.map((user) => ask(server, `GET /api/calls/${user}?limit=200`)));
    return replies.map(({ status, body }) => {
      assert.ok(status === 200 || status === 503, `${status}`);
      return status === 200 ? body.calls.length : "refused";
    });
  }
});
