export { FakeMedia } from "./fake-media.ts";
export { FakeNetwork } from "./fake-network.ts";
export { FakePeerConnection } from "./fake-peer-connection.ts";
export { FakeStream, FakeTrack } from "./fake-tracks.ts";
