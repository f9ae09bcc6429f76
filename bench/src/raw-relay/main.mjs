// The baseline: the smallest relay one can write on `ws`. It parses each message, looks the addressee up and sends on
// what it got. It checks nothing and keeps nothing.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { WebSocketServer } from "ws";

const { PORT, TLS_CERT, TLS_KEY } = process.env;
const web =
  TLS_CERT && TLS_KEY
    ? createSecureServer({ cert: readFileSync(TLS_CERT), key: readFileSync(TLS_KEY) })
    : createServer();
/** @type {Map<string, import("ws").WebSocket>} */
const sockets = new Map();

new WebSocketServer({ server: web }).on("connection", (socket) => {
  let userId = "";
  socket.on("message", (data) => {
    const message = JSON.parse(String(data));
    if (message.type === "join") {
      userId = message.userId;
      sockets.set(userId, socket);
      socket.send(JSON.stringify({ type: "joined", userId }));
      return;
    }
    sockets.get(message.to)?.send(data, { binary: false });
  });
  socket.on("close", () => {
    if (sockets.get(userId) === socket) sockets.delete(userId);
  });
});

web.listen(Number(PORT), "127.0.0.1");
