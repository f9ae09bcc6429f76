import { randomUUID } from "node:crypto";
import { userToken, verifyWebhook } from "@echoo/admin";
import express from "express";

const { ECHOO_JWT_SECRET, ECHOO_WEBHOOK_SECRET, ECHOO_WS = "ws://localhost:3000/ws", PORT = 8080 } = process.env;
const jwt = { secret: ECHOO_JWT_SECRET, issuer: "own-users", audience: "calls" };
const users = { ann: { name: "Ann", password: "ann" }, bob: { name: "Bob", password: "bob" } };
/** Who is signed in, by the cookie of their browser. */
const sessions = new Map();
/** Of each user, whom they called in vain. It is never told to the callee, who may have blocked them. */
const unanswered = new Map();

const app = express();

// Before anything that parses bodies: what is signed is the body as it came.
app.post("/echoo", express.raw({ type: "*/*" }), (request, response) => {
  const { type, data } = verifyWebhook({ body: request.body, headers: request.headers, secret: ECHOO_WEBHOOK_SECRET });
  if (type === "call.missed")
    unanswered.set(data.caller.phone, [...(unanswered.get(data.caller.phone) ?? []), data.callee.phone]);
  response.sendStatus(204);
});

app.post("/login", express.urlencoded(), (request, response) => {
  const { user, password } = request.body;
  if (!Object.hasOwn(users, user) || users[user].password !== password) return response.sendStatus(403);
  const session = randomUUID();
  sessions.set(session, user);
  response.cookie("session", session, { httpOnly: true, sameSite: "strict" }).redirect("/call.html");
});

const signedIn = (request, response, next) => {
  request.user = sessions.get(/session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1]);
  if (request.user === undefined) return response.sendStatus(401);
  next();
};

app.get("/me", signedIn, ({ user }, response) =>
  response.json({ user, url: ECHOO_WS, unanswered: unanswered.get(user) ?? [] }),
);
app.get("/call-token", signedIn, ({ user }, response) =>
  response.send(userToken(user, { ...jwt, name: users[user].name })),
);

app.use("/sdk", express.static("node_modules/@echoo/client/dist"));
app.use(express.static("public"));
const listening = app.listen(PORT, "127.0.0.1", () => console.log(`http://localhost:${listening.address().port}`));
