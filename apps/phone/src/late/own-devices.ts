/** One script: where a user is signed in, and how those devices ring while no page is open. */
export { ringWhileClosed } from "../notifications/ring-while-closed.ts";
export { Devices } from "../screens/devices.tsx";
