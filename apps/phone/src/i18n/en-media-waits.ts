/** What a call that does not connect waits for. */
export const mediaWaits = {
  before: "Waiting for media:",
  negotiation: "the other side has not agreed yet",
  relay: "your side has no path to the relay",
  path: "no path to the other side yet",
  encryption: "encryption is being set up",
};
