/** What the page of signed-in devices says: fetched with it. */
export const sayDevices = {
  lead: "Each of these can call and be called with your number. Sign out those that you no longer use or do not recognise.",
  current: "This device",
  unnamed: "Device without a name",
  lastUsed: (when: string) => `Last used ${when}`,
  since: (when: string) => `Signed in since ${when}`,
  end: "Sign out",
  endNamed: (device: string) => `Sign out ${device}`,
  ended: (device: string) => `${device} is signed out.`,
  onlyThis: "You are not signed in on any other device.",
  notListed: "Another product signed this page in, so it is not in the list.",
  failed: "Your devices could not be loaded.",
  endAll: "Sign out everywhere",
  endAllQuestion: "Sign out on every device, this one included? Calls that are going on end at once.",
};

/** What the page says of ringing while it is closed: fetched with the script that does it. */
export const sayClosedRings = {
  heading: "Ring when Echoo is closed",
  ask: "Should this browser ring when somebody calls while Echoo is closed? It then shows who calls, with Answer and Decline.",
  turnOn: "Turn on",
  turnOff: "Turn off",
  notNow: "Not now",
  states: {
    on: "This browser rings although the page is closed.",
    off: "Calls reach this browser only while the page is open.",
    blocked: "Notifications are blocked for this page. Allow them in the browser's settings for it.",
    unsupported:
      "This browser cannot ring while the page is closed, or not on this address: it takes HTTPS with a certificate that it trusts.",
  },
  refused: "The browser's push service could not be reached. Try again later.",
  remove: "Remove",
  removeNamed: (device: string) => `Ring no more on ${device}`,
  newVersion: "There is a new version of this page. Reload it when it suits you.",
};
