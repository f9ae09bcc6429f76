// `npm start`: installs and builds what is missing, then becomes the server. Plain Node: it runs before anything is installed.
import { checkNode } from "./setup/node-version.mjs";

// Before the other imports: a Node that is too old may not even load them.
checkNode();
const { prepare } = await import("./setup/prepare.mjs");
const { becomeServer } = await import("./setup/become-server.mjs");
const { giveUp } = await import("./setup/say.mjs");
await prepare().catch((error) => giveUp(error.message));
await becomeServer();
