import { incidentIdOf, textOf } from '../core/input.ts';
import { release } from '../release.ts';
import { containing, serve } from './environment.ts';

/** `ReleaseLambda`: undo, on a person's word. */
export const handler = serve(containing, (input, deps) =>
  release({ incidentId: incidentIdOf(input), by: textOf(input, 'by', 200), reason: textOf(input, 'reason') }, deps),
);
