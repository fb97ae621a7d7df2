import { closeFunctionUrl } from './contain/close-function-url.ts';
import { pauseEventSources } from './contain/pause-event-sources.ts';
import { pauseFunction } from './contain/pause-function.ts';
import { quarantineFunction } from './contain/quarantine-function.ts';
import { quarantineRole } from './contain/quarantine-role.ts';
import type { Responder } from './core/responder.ts';

/** Every responder, in the order the report lists them and a release undoes them: the ways in are last. Adding one is one file and one line here. */
export const catalog: readonly Responder[] = [quarantineRole, quarantineFunction, pauseFunction, pauseEventSources, closeFunctionUrl];
