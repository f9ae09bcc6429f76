import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { translateFault } from "../../src/store-mongo/link/mongo-fault.ts";

test("a write to a connection that the database has ended counts as a database that is away", async (t) => {
  // Half open, as a database that is killed leaves its connections for a moment.
  const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.resume();
  await once(socket, "end");
  const fault = await new Promise((resolve) => {
    socket.on("error", () => {});
    socket.write("x", resolve);
  });
  assert.ok(fault instanceof Error);
  assert.ok(translateFault(fault) instanceof StoreUnavailable, String(fault));
});

test("a fault of our own stays what it is", () => {
  const fault = new TypeError("not a function");
  assert.equal(translateFault(fault), fault);
});
