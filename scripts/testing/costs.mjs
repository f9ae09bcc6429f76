/** @typedef {{ cores: number, seconds: number }} Cost */

/** What no line below is about. */
const usual = { cores: 1, seconds: 5 };

/**
 * What test files cost that are not like most: how many cores they keep busy, and about how long they take, measured on two
 * cores. The first line that fits counts. It decides what runs when and beside what, and nothing else: where it is wrong the
 * run takes longer.
 * @type {readonly (readonly [pattern: RegExp, cost: Partial<Cost>])[]}
 */
const costs = [
  // Two Chromiums with cameras starve each other, and a measured call with them: only what mostly waits runs beside one.
  [/browser\/look\.test/, { cores: 1.25, seconds: 85 }],
  [/browser\/picture\.test/, { cores: 1.25, seconds: 55 }],
  [/browser\/(two-people|devices|contacts|two-rings)\.test/, { cores: 1.25, seconds: 28 }],
  [/\/test\/browser\//, { cores: 1.25, seconds: 12 }],
  // They wait: for databases that are away, for limits of time, for rings without an answer.
  [/slow\/mongo-faults-stopped\.test/, { cores: 0.5, seconds: 66 }],
  [/slow\/canaries-mongodb\.test/, { cores: 0.25, seconds: 57 }],
  [/store-mongo\/schema-mark\.test/, { cores: 0.25, seconds: 40 }],
  [/slow\/slow-clients\.test/, { cores: 0.25, seconds: 34 }],
  [/slow\/mongo-faults(-set)?\.test/, { cores: 0.5, seconds: 30 }],
  [/store-mongo\/mongo-limits\.test/, { cores: 0.25, seconds: 20 }],
  // They start servers one after the other, and wait for them in between.
  [/folder\/damaged-folders\.test/, { cores: 0.75, seconds: 54 }],
  [/folder\/two-servers\.test/, { cores: 0.75, seconds: 39 }],
  // They are long.
  [/hostile\/floods\.test/, { seconds: 63 }],
  [/cluster\/test\/slow\/simulation\.test/, { seconds: 45 }],
  [/slow\/store-copy-killed\.test/, { seconds: 44 }],
  [/hostile\/(pipelined-floods|sample-floods|heavy-reads)\.test/, { seconds: 35 }],
  [/slow\/store-copy\.test|e2e\/privacy\.test/, { seconds: 34 }],
  [/slow\/(model-mutations|random-crashes)\.test|e2e\/(tls|host-clock-ahead)\.test/, { seconds: 28 }],
  [/slow\/(store-copy-served|schemathesis-.*)\.test|hostile\/tokenless-floods\.test/, { seconds: 20 }],
  [/app\/app-sockets\.test|e2e\/(crash|invitations|audit|start-faults|erasure|shutdown)\.test/, { seconds: 18 }],
];

/** @param {string} file @returns {Cost} */
export function costOf(file) {
  return { ...usual, ...costs.find(([pattern]) => pattern.test(file))?.[1] };
}
