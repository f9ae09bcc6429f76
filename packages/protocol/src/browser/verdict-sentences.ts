/**
 * What people are told of what became of a call, and what to do about it, by the code of the verdict. `{who}` stands for
 * the device that it is about: "your device", "the other device", "one of the devices". Apart from the rules, for browsers
 * show the sentences and have no use for those.
 */
export const verdictSentences = {
  permission_denied: [
    "The browser of {who} may not use the microphone or camera.",
    "Allow both for this page in the browser's settings (the icon beside the address), then call again.",
  ],
  no_device: [
    "No microphone or camera was found on {who}.",
    "Plug one in, or switch it on in the system's settings, then call again.",
  ],
  device_in_use: [
    "Another program was using the microphone or camera of {who}.",
    "Close the program that uses it, then call again.",
  ],
  push_failed: [
    "No device of the callee could be woken: every push was refused.",
    "The callee opens the app once, so that it registers again; check the push settings of the server.",
  ],
  callee_offline: ["The other person could not be reached.", "Try again later, or leave them a message."],
  not_answered: ["It rang, and nobody answered.", "Try again later, or leave them a message."],
  declined: ["The call was declined.", ""],
  busy: ["The other person was on another call.", "Try again in a few minutes."],
  cancelled: ["The caller hung up before the call was answered.", ""],
  superseded: ["A newer call took its place.", ""],
  ended_by_admin: ["The call was ended by the service.", "Ask whoever runs the service, if that was not expected."],
  signaling_lost: [
    "The connection to the server was lost and did not come back in time.",
    "Check the network of {who}; the server may have been restarted.",
  ],
  negotiation_failed: [
    "The two devices could not agree on how to exchange media.",
    "Update the app or the browser on both sides; if it stays so, export the call for whoever develops them.",
  ],
  dtls_failed: [
    "A path was found, but encryption could not be set up.",
    "A firewall may alter the traffic, or a clock be far off: try another network.",
  ],
  turn_refused: [
    "The relay refused {who}.",
    "Whoever runs the server compares the relay's secret, clock and quota with the server's (ECHOO_TURN_SECRET).",
  ],
  turn_unreachable: [
    "From {who} no path leads to the relay.",
    "Try another network; whoever runs the relay opens it on port 443 by TCP and TLS as well.",
  ],
  turn_missing: [
    "The two networks allow no direct path, and no relay is set up.",
    "Whoever runs the server sets up a TURN server (ECHOO_TURN_URLS).",
  ],
  relay_dead: [
    "Both devices had a relay, and nothing came through it.",
    "Whoever runs the relay checks its relay ports, its external address and which peers it denies.",
  ],
  no_direct_path: [
    "No direct path between the two devices was found, and neither had a relay.",
    "Try another network; whoever runs the server sets up a TURN server.",
  ],
  not_connected: [
    "No connection between the two devices could be made.",
    "Try again, or another network on one of the sides.",
  ],
  network_lost: ["The network of {who} went away during the call.", "Check the network there, then call again."],
  device_lost: [
    "The microphone or camera of {who} stopped during the call.",
    "Plug it in again or choose another one; check its cable or battery.",
  ],
  playback_blocked: [
    "The browser of {who} did not play the sound.",
    "Tap anywhere on the page, and allow sound for it in the browser's settings.",
  ],
  one_way_audio: ["On {who} no sound arrived, though it was sent.", "Call again; if it stays so, try another network."],
  one_way_video: [
    "On {who} no picture arrived, though it was sent.",
    "Call again; if it stays so, try another network.",
  ],
  silent_microphone: [
    "The microphone of {who} gave only silence.",
    "Check that it is not muted in the system or by a switch of its own, and that the right one is chosen.",
  ],
  poor_audio: [
    "The sound was bad on {who}.",
    "Come closer to the router, use a cable, or stop what loads the network.",
  ],
  network_unstable: [
    "The network of {who} changed again and again.",
    "Stay on one network, or switch off the weaker one.",
  ],
  frozen_video: [
    "The picture froze on {who}.",
    "Switch the camera off when the network is weak, or come closer to the router.",
  ],
  limited_by_cpu: ["The processor of {who} was too slow for the picture.", "Close other programs and tabs there."],
  limited_by_bandwidth: [
    "The network of {who} was too slow for the picture.",
    "Switch the camera off, or use a faster network.",
  ],
  slow_setup: ["It took long until sound and picture came.", "If that happens often, set up a relay near both sides."],
  good: ["Nothing was wrong with this call.", ""],
  unknown: ["There is too little evidence to say.", ""],
} as const satisfies Record<string, readonly [sentence: string, advice: string]>;

export type VerdictCode = keyof typeof verdictSentences;
