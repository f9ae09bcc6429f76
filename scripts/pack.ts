// `npm run pack` packs what is published, as it would be, into .cache/packages.
import { ensurePacked } from "./packages/pack.ts";

for (const file of Object.values(await ensurePacked())) console.log(file);
