import { closeFunctionUrl } from './actions/close-function-url.ts';
import { deactivateAccessKeys } from './actions/deactivate-access-keys.ts';
import { denyUser } from './actions/deny-user.ts';
import { pauseEventSources } from './actions/pause-event-sources.ts';
import { pauseFunction } from './actions/pause-function.ts';
import { quarantineFunction } from './actions/quarantine-function.ts';
import { quarantineRole } from './actions/quarantine-role.ts';
import { quarantineSession } from './actions/quarantine-session.ts';
import type { Responder } from './responder.ts';

/**
 * Every responder, in the order in which the report lists them and a release undoes them.
 * Permissions come first and entry points last: see `inUndoOrder` in release.ts. To add a
 * responder, add its file and a line here.
 */
export const catalog: readonly Responder[] = [
  quarantineRole,
  quarantineFunction,
  quarantineSession,
  denyUser,
  deactivateAccessKeys,
  pauseFunction,
  pauseEventSources,
  closeFunctionUrl,
];
