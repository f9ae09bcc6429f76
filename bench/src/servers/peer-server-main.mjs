// PeerServer as its documentation starts it, with room for as many clients as the bench has.
import { PeerServer } from "peer";

PeerServer({ port: Number(process.env.PORT), host: "127.0.0.1", concurrent_limit: 100_000, alive_timeout: 3_600_000 });
