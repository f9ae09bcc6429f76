import { Cell } from "./cell.ts";

/** What stands in the dial field; contacts put their number there. */
export const dialled = new Cell("");
