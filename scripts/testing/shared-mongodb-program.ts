import { startMongoSet } from "@echoo/testkit";

// One MongoDB for a whole run: tells its address, and ends with whatever process started this one, however that ends.
const set = await startMongoSet({ nodes: 1 });
process.once("disconnect", () => void set.stop());
process.send?.(set.uri);
