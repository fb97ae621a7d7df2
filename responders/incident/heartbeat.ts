import type { Head } from './case.ts';
import type { ProvenFields } from './proof.ts';
import { suspectsOf } from './suspect.ts';

/** The function that the heartbeat has contained and released. It does nothing else. */
export const heartbeatCanary = 'canary-heartbeat';

/** What a heartbeat does, in this order; its state machine asks for one step after the other. */
export const heartbeatSteps = ['contain', 'denied', 'release', 'works', 'complete'] as const;
export type HeartbeatStep = (typeof heartbeatSteps)[number];

/** As what the heartbeat releases: no principal of AWS has such a name. */
export const heartbeatName = 'heartbeat';

/** Whether an incident is a drill of the heartbeat’s canary, and of nothing else. */
export const isHeartbeat = (head: Pick<Head, 'drill' | 'suspect' | 'suspects'>): boolean => {
  const suspects = suspectsOf(head);
  return (
    head.drill &&
    suspects.length > 0 &&
    suspects.every(
      (suspect) => suspect.kind === 'function' && suspect.functionName === heartbeatCanary,
    )
  );
};

/** The states in which the drill of the canary goes as it should, so that no mail tells of it. */
const quiet: readonly Head['state'][] = ['open', 'contained', 'released'];

/** Whether an incident is one of which only the heartbeat itself tells, if it fails. */
export const isQuietHeartbeat = (head: Head): boolean =>
  isHeartbeat(head) && quiet.includes(head.state);

/** What the heartbeat says when it releases. Its sessions are worth nothing, so they may live. */
export const heartbeatWord = {
  by: heartbeatName,
  reason: 'The canary of the heartbeat was denied, as it should be.',
  letSessionsLive: true,
} as const;

/**
 * What the proof of its release covers. `act` keeps it apart from the proof of a finding, which is
 * made with the same key.
 */
export const heartbeatFields = ({ id, round }: Pick<Head, 'id' | 'round'>): ProvenFields => ({
  act: 'release',
  incident: id,
  round,
  ...heartbeatWord,
});
