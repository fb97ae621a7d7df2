import { release } from '../contain/release.ts';
import { incidentIdOf, textOf } from '../incident/input.ts';
import { containing, serve } from './environment.ts';

/** `ReleaseLambda`: undoes containment, when a person requests it. */
export const handler = serve(containing, (input, deps) =>
  release(
    {
      incidentId: incidentIdOf(input),
      by: textOf(input, 'by', 200),
      reason: textOf(input, 'reason'),
    },
    deps,
  ),
);
