import { type ClientTask, LockClient } from "./lock-client.ts";

/** What the test asks of a process of its own. */
export type ProcessOrder =
  | { readonly run: readonly ClientTask[] }
  /** The nodes of a process that is frozen: the first client of the run buries them, and ends their calls. */
  | { readonly takeOver: readonly string[] };

let clients: readonly LockClient[] = [];

process.on("message", (order: ProcessOrder) => {
  if ("takeOver" in order) {
    const [first] = clients;
    Promise.all(order.takeOver.map((node) => first?.takeOver(node))).then(() => process.send?.("taken over"));
    return;
  }
  clients = order.run.map((task) => new LockClient(task));
  Promise.all(clients.map((client) => client.run())).then(() => process.send?.("done"));
});
process.once("disconnect", () => process.exit(0));
process.send?.("ready");
