// An entry of its own: the driver takes a tenth of a start, and most servers have no MongoDB.
export { openMongoStore } from "./store-mongo/open-mongo-store.ts";
