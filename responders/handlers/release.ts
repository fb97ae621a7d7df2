import { release } from '../contain/release.ts';
import { incidentIdOf, textOf } from '../incident/input.ts';
import { containing, serve } from './environment.ts';

/** `ReleaseLambda`: undo, on a person's word. */
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
