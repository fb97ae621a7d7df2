import { askedRelease } from '../contain/asked-release.ts';
import { containing, serve } from './environment.ts';

/** `ReleaseLambda`: undoes containment, when a person requests it. */
export const handler = serve(containing, askedRelease);
