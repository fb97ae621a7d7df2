import { closeFunctionUrl } from './actions/close-function-url.ts';
import { pauseEventSources } from './actions/pause-event-sources.ts';
import { pauseFunction } from './actions/pause-function.ts';
import { quarantineFunction } from './actions/quarantine-function.ts';
import { quarantineRole } from './actions/quarantine-role.ts';
import type { Responder } from './responder.ts';

/**
 * Every responder, in the order the report lists them and a release undoes them: the ways in are
 * last. Adding one is one file and one line here.
 */
export const catalog: readonly Responder[] = [
  quarantineRole,
  quarantineFunction,
  pauseFunction,
  pauseEventSources,
  closeFunctionUrl,
];
