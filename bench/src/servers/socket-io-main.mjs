// What the guide of Socket.IO says about private messages: a room for each user, and the server sends on.
import { Server } from "socket.io";

const io = new Server({ serveClient: false, transports: ["websocket"] });

io.on("connection", (socket) => {
  const { userId } = socket.handshake.auth;
  void socket.join(userId);
  socket.on("message", ({ to, message }) => io.to(to).emit("message", message));
});

io.listen(Number(process.env.PORT));
