import { join } from "node:path";
import { after, before } from "node:test";
import { mongodbForTests } from "@echoo/testkit";
import { MongoClient } from "mongodb";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { type EchooOptions, type EchooRun, runEchoo } from "./run-echoo.ts";

/** Places to copy between: files in a folder of the suite, databases in a MongoDB of its own. */
export interface CopyFixture {
  readonly uri: string;
  readonly raw: MongoClient;
  /** A database's name, and what a command calls it. */
  database(name: string): { readonly name: string; readonly place: string };
  sqlite(name: string): { readonly file: string; readonly place: string };
  copy(from: string, to: string, ...more: readonly string[]): Promise<EchooRun>;
  copyUntil(from: string, to: string, onStderr: EchooOptions["onStderr"]): Promise<EchooRun>;
}

/** Call it in a suite, and what it returns in its tests. */
export function copyFixture(): () => CopyFixture {
  const ends: (() => Promise<unknown>)[] = [];
  const folder = temporaryFolder();
  let fixture: CopyFixture | undefined;
  before(async () => {
    const uri = await mongodbForTests({ after: (end) => void ends.unshift(end) });
    const raw = new MongoClient(uri);
    ends.unshift(() => raw.close());
    const run = (from: string, to: string, more: readonly string[], options: EchooOptions) =>
      runEchoo(["store", "copy", "--from", from, "--to", to, ...more], {
        env: { ECHOO_DATA: folder.path },
        ...options,
      });
    fixture = {
      uri,
      raw,
      database(given) {
        const name = `echoo-${given}-${process.pid}`;
        ends.unshift(() => raw.db(name).dropDatabase());
        return { name, place: uri.replace(/\/(\?|$)/, `/${name}$1`) };
      },
      sqlite: (name) => ({ file: join(folder.path, name, "echoo.db"), place: `sqlite:${join(folder.path, name)}` }),
      copy: (from, to, ...more) => run(from, to, more, {}),
      copyUntil: (from, to, onStderr) => run(from, to, [], onStderr === undefined ? {} : { onStderr }),
    };
  });
  after(async () => {
    folder.remove();
    for (const end of ends) await end();
  });
  return () => {
    if (fixture === undefined) throw new Error("the places are there in tests alone");
    return fixture;
  };
}
