export { mediaWait, notePlayback, reporterOf } from "./report-calls.ts";
