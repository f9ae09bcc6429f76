/** What a device can do. The machine knows devices by this alone, never by what they speak. */
export interface Abilities {
  /** Says `ringing` when it rings; one that cannot is taken to ring once its offer is written. */
  readonly acknowledges: boolean;
  /** Says `connected` when media flows. */
  readonly reportsConnected: boolean;
  /** Takes its session over after a loss, renegotiates and restarts ICE. */
  readonly resumes: boolean;
  /** Answers a call that the server merged its own attempt into. */
  readonly answersMerged: boolean;
  /** Takes the caller's candidates before it has answered. */
  readonly takesEarlyCandidates: boolean;
  /**
   * Knows the ids of its calls; one that does not means the call with that peer, shows one call at a time, and takes
   * any end for the end of that one.
   */
  readonly namesCalls: boolean;
}

export const fullAbilities: Abilities = {
  acknowledges: true,
  reportsConnected: true,
  resumes: true,
  answersMerged: true,
  takesEarlyCandidates: true,
  namesCalls: true,
};

export const plainAbilities: Abilities = {
  acknowledges: false,
  reportsConnected: false,
  resumes: false,
  answersMerged: false,
  takesEarlyCandidates: false,
  namesCalls: false,
};
