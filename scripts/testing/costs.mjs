/** @typedef {{ cores: number, seconds: number }} Cost */

/** What no line below is about. */
const usual = { cores: 0.65, seconds: 6 };

/**
 * What test files cost that are not like most: how many cores they keep busy, and about how long they take, measured on two
 * cores. The first line that fits counts. It decides what runs when and beside what, and nothing else: where it is wrong the
 * run takes longer.
 * @type {readonly (readonly [pattern: RegExp, cost: Partial<Cost>])[]}
 */
const costs = [
  // Two Chromiums with cameras starve each other, and a measured call with them: what waits now and then runs beside one.
  [/browser\/look\.test/, { cores: 1.25, seconds: 80 }],
  [/browser\/calls-with-firefox\.test/, { cores: 1.25, seconds: 60 }],
  [/browser\/picture\.test/, { cores: 1.25, seconds: 55 }],
  [/browser\/(two-people|devices|lost-devices|contacts)\.test/, { cores: 1.25, seconds: 30 }],
  [/browser\/(incoming|two-rings|no-microphone|own-view)\.test/, { cores: 1.25, seconds: 18 }],
  [/\/test\/browser\//, { cores: 1.25, seconds: 9 }],
  // They wait: for databases that are away, for limits of time, for rings without an answer.
  [/slow\/mongo-faults-stopped\.test/, { cores: 0.5, seconds: 66 }],
  [/slow\/canaries-mongodb\.test/, { cores: 0.5, seconds: 33 }],
  [/slow\/slow-clients\.test/, { cores: 0.25, seconds: 34 }],
  [/slow\/mongo-faults(-set)?\.test/, { cores: 0.5, seconds: 30 }],
  [/store-mongo\/mongo-limits\.test/, { cores: 0.25, seconds: 20 }],
  [/server\/test\/(ws|app)\//, { cores: 0.5 }],
  // They start servers one after the other, and wait for them in between.
  [/folder\/damaged-folders\.test/, { seconds: 54 }],
  [/folder\/two-servers\.test/, { seconds: 39 }],
  [/e2e\/privacy\.test/, { cores: 0.25, seconds: 34 }],
  [
    /slow\/store-copy-served\.test|e2e\/(tls|crash|invitations|audit|start-faults|erasure|shutdown)\.test/,
    { seconds: 16 },
  ],
  // Databases and servers of their own, which then wait for each other.
  [/server\/test\/nodes\//, { cores: 0.5, seconds: 35 }],
  // They keep a core busy, and some their clients another.
  [/hostile\/floods\.test/, { cores: 1, seconds: 63 }],
  [/slow\/store-copy-killed\.test|cluster\/test\/slow\/simulation\.test/, { cores: 1, seconds: 44 }],
  [/hostile\/(pipelined-floods|sample-floods|heavy-reads)\.test/, { cores: 1, seconds: 35 }],
  [/slow\/(store-copy|model-mutations|random-crashes)\.test/, { cores: 1, seconds: 28 }],
  [/slow\/(call-model|proportional-work|growth|recovery|schemathesis-.*)\.test/, { cores: 1, seconds: 18 }],
  [/hostile\/|bench\/test\//, { cores: 1, seconds: 10 }],
];

/** @param {string} file @returns {Cost} */
export function costOf(file) {
  return { ...usual, ...costs.find(([pattern]) => pattern.test(file))?.[1] };
}
