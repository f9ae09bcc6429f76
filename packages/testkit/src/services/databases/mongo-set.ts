import { type Document, MongoClient } from "mongodb";
import { givenMongodbUri } from "../programs/find-mongod.ts";
import { MongodProcess } from "./mongod-process.ts";

/** Who owns the database: it is stopped when they are done. */
interface Owner {
  after(run: () => Promise<void>): void;
}

const replicaSet = "echoo";
/** Failures are noticed sooner than with the defaults, so that elections take about two seconds instead of twelve. */
const settings = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 500 };

/** A replica set of one test: real servers, which can be frozen, killed and started again. */
export class MongoSet {
  readonly nodes: readonly MongodProcess[];
  readonly #client: MongoClient;

  constructor(nodes: readonly MongodProcess[]) {
    this.nodes = nodes;
    this.#client = new MongoClient(this.uri);
  }

  get uri(): string {
    return `mongodb://${this.nodes.map((node) => node.address).join(",")}/?replicaSet=${replicaSet}`;
  }

  /** The only node of a set of one. */
  get node(): MongodProcess {
    const [first] = this.nodes;
    if (first === undefined || this.nodes.length > 1) throw new Error("the set has not one node alone");
    return first;
  }

  /** For looking at what is stored past the product's own code. */
  get client(): MongoClient {
    return this.#client;
  }

  /** A command to the primary; waits until there is one. */
  async command(command: Document): Promise<Document> {
    const admin = this.#client.db("admin");
    try {
      return await admin.command(command);
    } catch (error) {
      // The driver passes on what Node says of a socket whose node just died, as no error of the network; it has dropped it since.
      if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
      return admin.command(command);
    }
  }

  async primary(): Promise<MongodProcess> {
    const { me } = await this.command({ hello: 1 });
    const node = this.nodes.find(({ address }) => address === me);
    if (node === undefined) throw new Error(`${me} is none of the set's nodes`);
    return node;
  }

  /** Makes another node the primary, and waits until it is. */
  async stepDown(): Promise<void> {
    // By force where no other node has caught up in time, as on a busy machine.
    await this.command({ replSetStepDown: 5, secondaryCatchUpPeriodSecs: 3, force: true });
    await this.command({ ping: 1 });
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.#client.close(true);
  }
}

/** Starts a replica set, and waits until it takes writes. */
export async function startMongoSet({ nodes: count, test }: { nodes: 1 | 3; test?: Owner }): Promise<MongoSet> {
  const nodes = await Promise.all(Array.from({ length: count }, () => MongodProcess.start(replicaSet)));
  const set = new MongoSet(nodes);
  test?.after(() => set.stop());
  const [first] = nodes;
  const members = nodes.map((node, _id) => ({ _id, host: node.address }));
  const direct = new MongoClient(`mongodb://${first?.address}/?directConnection=true`);
  try {
    await direct.db("admin").command({ replSetInitiate: { _id: replicaSet, members, settings } });
    await set.command({ ping: 1 });
  } finally {
    await direct.close();
  }
  return set;
}

/** A MongoDB for tests that do not disturb it: the one that ECHOO_TEST_MONGODB_URI names, or one of their own. */
export async function mongodbForTests(owner: Owner): Promise<string> {
  return givenMongodbUri() ?? (await startMongoSet({ nodes: 1, test: owner })).uri;
}
