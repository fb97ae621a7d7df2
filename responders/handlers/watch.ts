import { incidentIdOf } from '../core/input.ts';
import { watch } from '../watch.ts';
import { containing, serve } from './environment.ts';

/** `WatchLambda`: looks again, repairs what was removed. */
export const handler = serve(containing, (input, deps) => watch(incidentIdOf(input), deps));
