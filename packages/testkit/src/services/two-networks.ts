import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);
const ownName = /^echoo-(\d+)-\w+$/;

/** Who owns the networks: they are removed when the test is done. */
interface Owner {
  after(run: () => Promise<void>): void;
}

/** A place within a network of its own. */
export interface Place {
  readonly namespace: string;
  readonly address: string;
  /** What a command line begins with that is to run there. */
  readonly prefix: readonly string[];
}

/**
 * Two networks with one machine each, and a router between them: network namespaces of this machine, joined by veth pairs.
 * The router takes part itself (servers run on it), and forwards nothing from one network to the other once `separate`
 * was called. Names carry the process's id, so that what a killed test left behind is found and removed by the next one.
 */
export class TwoNetworks {
  readonly router: Place;
  readonly ann: Place;
  readonly bob: Place;

  static async create(owner: Owner): Promise<TwoNetworks> {
    await removeLeftovers();
    const networks = new TwoNetworks();
    owner.after(() => networks.remove());
    await networks.#build();
    return networks;
  }

  private constructor() {
    this.router = place("router", "10.213.1.1");
    this.ann = place("ann", "10.213.1.2");
    this.bob = place("bob", "10.213.2.2");
  }

  /** From now on nothing passes from one network to the other; who tries is told so at once. */
  async separate(): Promise<void> {
    await this.#onRouter("nft", "add rule inet between forward counter reject with icmpx type admin-prohibited");
  }

  /** How many packets tried to pass since then. */
  async turnedAway(): Promise<number> {
    const { stdout } = await run("ip", [
      "netns",
      "exec",
      this.router.namespace,
      "nft",
      "list",
      "table",
      "inet",
      "between",
    ]);
    return Number(/counter packets (\d+)/.exec(stdout)?.[1] ?? Number.NaN);
  }

  async remove(): Promise<void> {
    for (const { namespace } of [this.ann, this.bob, this.router]) await removeNamespace(namespace);
  }

  async #build(): Promise<void> {
    for (const { namespace } of [this.router, this.ann, this.bob]) {
      await run("ip", ["netns", "add", namespace]);
      await run("ip", ["-n", namespace, "link", "set", "lo", "up"]);
    }
    await this.#join(this.ann, "to-ann", "10.213.1.1");
    await this.#join(this.bob, "to-bob", "10.213.2.1");
    await this.#onRouter("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    await this.#onRouter("nft", "add table inet between");
    await this.#onRouter("nft", "add chain inet between forward { type filter hook forward priority 0; }");
  }

  async #join(home: Place, link: string, gateway: string): Promise<void> {
    const [router, own] = [this.router.namespace, home.namespace];
    const ip = (line: string) => run("ip", line.split(" "));
    await ip(`-n ${router} link add ${link} type veth peer name eth0 netns ${own}`);
    await ip(`-n ${router} addr add ${gateway}/24 dev ${link}`);
    await ip(`-n ${router} link set ${link} up`);
    await ip(`-n ${own} addr add ${home.address}/24 dev eth0`);
    await ip(`-n ${own} link set eth0 up`);
    await ip(`-n ${own} route add default via ${gateway}`);
  }

  #onRouter(...command: string[]): Promise<unknown> {
    return run("ip", ["netns", "exec", this.router.namespace, ...command]);
  }
}

/** As `requireService`, for tests that make networks. */
export async function requireNetworks(env: NodeJS.ProcessEnv = process.env): Promise<false | string> {
  if (await canMakeNetworks()) return false;
  const reason =
    "no networks can be made here: it takes root, ip (iproute2), nft (nftables) and a kernel that has both";
  if (env.CI === "true") throw new Error(`${reason}; under CI=true nothing is skipped.`);
  return reason;
}

/** It tries: nothing else tells it for sure. */
async function canMakeNetworks(): Promise<boolean> {
  const namespace = `echoo-${process.pid}-try`;
  try {
    await run("ip", ["netns", "add", namespace]);
    await run("ip", ["netns", "exec", namespace, "nft", "add table inet try"]);
    return true;
  } catch {
    return false;
  } finally {
    await removeNamespace(namespace);
  }
}

function place(what: string, address: string): Place {
  const namespace = `echoo-${process.pid}-${what}`;
  return { namespace, address, prefix: ["ip", "netns", "exec", namespace] };
}

async function removeLeftovers(): Promise<void> {
  const { stdout } = await run("ip", ["netns", "list"]);
  for (const line of stdout.split("\n")) {
    const [name = ""] = line.split(" ");
    const owner = ownName.exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) await removeNamespace(name);
  }
}

/** With it go its links and rules. One that is gone already is no fault. */
async function removeNamespace(name: string): Promise<void> {
  await run("ip", ["netns", "del", name]).catch(() => undefined);
}
