import { randomUUID } from 'node:crypto';
import type { ConsoleCaller, ConsoleRequest } from '../../../console/api/caller.ts';

export const signedInAt = Date.parse('2026-11-21T10:00:00Z');

/** Somebody who has signed in just now. */
export const person = (name: string, ...groups: readonly string[]): ConsoleCaller => ({
  name,
  groups,
  signedInAt,
  signIn: randomUUID(),
});

/** A request as a route sees it. */
export const request = (
  over: Partial<ConsoleRequest> & Pick<ConsoleRequest, 'caller'>,
): ConsoleRequest => ({
  path: {},
  query: {},
  headers: {},
  body: undefined,
  requestId: randomUUID(),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  ...over,
});
