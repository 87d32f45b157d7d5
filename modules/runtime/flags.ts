/**
 * The state of a cell, a bit for each thing that may be true of it.
 */

/** `tell` need not schedule: see Cell. */
export const ARMED: number = 1
/** It waits for something else than mail: only `wake` schedules it. */
export const PARKED: number = 1 << 1
/** The mail is a ring, not a single message. */
export const RING: number = 1 << 2
/** Among the mail there may be envelopes. */
export const ENVELOPES: number = 1 << 3
/** The mail is a mailbox of the user's. */
export const CUSTOM: number = 1 << 4
/** A probe or an isolation wants to see what is told. */
export const WATCHED: number = 1 << 5
/** The first start is still to come. */
export const STARTING: number = 1 << 6
/** It has had a behavior: from now on it sees signals. */
export const STARTED: number = 1 << 7
/** A stop was asked for. */
export const STOP: number = 1 << 8
/** It is stopping. */
export const STOPPING: number = 1 << 9
/** PostStop was told. */
export const POST_STOP_TOLD: number = 1 << 10
/** It is to end without PostStop. */
export const KILLED: number = 1 << 11
/** It is restarting. */
export const RESTARTING: number = 1 << 12
/** It waits for a task. */
export const AWAITING: number = 1 << 13
/** Messages put aside come before the mailbox: those of a stash that is read, held through a restart, or postponed. */
export const ASIDE: number = 1 << 14
/** It has a receive timeout. */
export const TIMEOUT: number = 1 << 15
/** It is gone: what is told to it is a dead letter. */
export const DEAD: number = 1 << 16
/** Its behavior says itself when it has started. */
export const START_DEFERRED: number = 1 << 17

/** States in which `tell` has more to do than to put the message away. */
export const DETOUR: number = CUSTOM | WATCHED | DEAD

/** States in which there may be something to do even without mail. */
export const UNDER_WAY: number = STARTING | STOP | STOPPING | RESTARTING | AWAITING | ASIDE

/** States in which a turn has more to do than to handle the next plain message. */
export const SLOW: number = UNDER_WAY | ENVELOPES | CUSTOM | WATCHED | TIMEOUT | DEAD
