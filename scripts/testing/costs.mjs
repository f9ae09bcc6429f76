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
  // Two Chromiums with cameras starve each other, and a measured call with them: one other job runs beside one.
  [/browser\/look\.test/, { cores: 1.1, seconds: 77 }],
  [/browser\/calls-with-firefox\.test/, { cores: 1.1, seconds: 60 }],
  [/browser\/why-(path|relay|silent|network)\.test/, { cores: 1.1, seconds: 45 }],
  [/browser\/why-ended\.test/, { cores: 1.1, seconds: 35 }],
  [/browser\/picture\.test/, { cores: 1.1, seconds: 44 }],
  [/browser\/push\.test/, { cores: 1.1, seconds: 35 }],
  [/browser\/(examples|strict-mode)\.test/, { cores: 1.1, seconds: 30 }],
  [/slow\/packed-.*\.test/, { cores: 1, seconds: 25 }],
  [/browser\/two-people\.test/, { cores: 1.1, seconds: 30 }],
  [/browser\/(two-rings|incoming|lost-devices|devices)\.test/, { cores: 1.1, seconds: 25 }],
  [/browser\/(no-microphone|own-view|relay-call|two-networks|contacts|history)\.test/, { cores: 1.1, seconds: 14 }],
  [/\/test\/browser\//, { cores: 1.1, seconds: 8 }],
  // They wait: for databases that are away, for limits of time, for rings without an answer.
  [/slow\/mongo-faults-stopped\.test/, { cores: 0.3, seconds: 78 }],
  [/slow\/mongo-faults\.test/, { cores: 0.5, seconds: 68 }],
  [/slow\/canaries-mongodb\.test/, { cores: 0.5, seconds: 56 }],
  [/slow\/slow-clients\.test/, { cores: 0.25, seconds: 36 }],
  [/slow\/mongo-faults-set\.test/, { cores: 0.5, seconds: 25 }],
  [/slow\/mongo-faults-disk\.test/, { cores: 0.5, seconds: 14 }],
  [/store-mongo\/mongo-limits\.test/, { cores: 0.25, seconds: 25 }],
  [/store-mongo\//, { cores: 0.5, seconds: 7 }],
  [/slow\/growth\.test/, { cores: 0.4, seconds: 35 }],
  [/server\/test\/ws\//, { cores: 0.4, seconds: 5 }],
  [/server\/test\/app\//, { cores: 0.55, seconds: 8 }],
  // They start servers one after the other, and wait for them in between.
  [/folder\/damaged-folders\.test/, { cores: 0.8, seconds: 40 }],
  [/folder\/two-servers\.test/, { cores: 0.8, seconds: 24 }],
  [/e2e\/privacy\.test/, { cores: 0.25, seconds: 34 }],
  [/e2e\/shutdown\.test/, { cores: 0.5, seconds: 25 }],
  [/e2e\/(tls|crash|invitations|audit|start-faults|erasure)\.test/, { cores: 0.5, seconds: 12 }],
  [/server\/test\/e2e\//, { cores: 0.5, seconds: 5 }],
  [/slow\/store-copy-served\.test/, { seconds: 13 }],
  // Databases and servers of their own, which then wait for each other.
  [/server\/test\/nodes\//, { cores: 0.5, seconds: 35 }],
  [/cluster\/test\/store\/sentinel\.test/, { cores: 0.25, seconds: 35 }],
  [/bench\/test\/slow\/nodes\.test/, { cores: 0.6, seconds: 30 }],
  [/cluster\/test\/slow\/linearizability\.test/, { cores: 1, seconds: 18 }],
  // They keep a core busy, and some their clients another.
  [/hostile\/floods\.test/, { cores: 0.9, seconds: 58 }],
  [/slow\/store-copy-killed\.test|cluster\/test\/slow\/simulation\.test/, { cores: 0.9, seconds: 36 }],
  [/hostile\/(pipelined-floods|sample-floods)\.test|slow\/model-mutations\.test/, { cores: 0.9, seconds: 32 }],
  [/slow\/(store-copy|random-crashes|schemathesis-.*)\.test|hostile\/heavy-reads\.test/, { cores: 0.9, seconds: 20 }],
  [/slow\/(call-model|proportional-work|recovery|day)\.test/, { cores: 0.9, seconds: 16 }],
  [/hostile\/(hostile|log)-/, { cores: 0.9, seconds: 5 }],
  [/hostile\/|bench\/test\//, { cores: 0.9, seconds: 12 }],
  // Nearly all of it is loading, and what takes milliseconds each.
  [/storage\/test\/(store|journal|records)\//, { seconds: 2.2 }],
];

/** @param {string} file @returns {Cost} */
export function costOf(file) {
  return { ...usual, ...costs.find(([pattern]) => pattern.test(file))?.[1] };
}
