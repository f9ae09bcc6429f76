/** One script: what becomes of a call's media on this side, and what the call seems to wait for. */
export { notePlayback } from "@echoo/client/report";
export { MediaWait } from "../components/verdict/media-wait.tsx";
