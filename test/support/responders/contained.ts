import { containFinding } from '../../../responders/contain/containment.ts';
import { lambdaFinding } from '../fakes/findings.ts';

/** Contains what a finding reports, as the state machine does. */
export const contain = (
  deps: Parameters<typeof containFinding>[1],
  id: string,
  shape: Parameters<typeof lambdaFinding>[0] = {},
) =>
  containFinding(
    {
      event: lambdaFinding({ id, ...shape }),
      execution: `${id} ${shape.updatedAt ?? ''}`,
      drill: false,
    },
    deps,
  );

/** A release by a person who lets earlier sessions live, as most tests ask about other things. */
export const asked = (incidentId: string) => ({
  incidentId,
  by: 'anna',
  reason: 'clean again',
  letSessionsLive: true,
});
