import { watch } from '../contain/watch.ts';
import { incidentIdOf } from '../incident/input.ts';
import { containing, serve } from './environment.ts';

/** `WatchLambda`: checks containment again and repairs what was removed. */
export const handler = serve(containing, (input, deps) => watch(incidentIdOf(input), deps));
