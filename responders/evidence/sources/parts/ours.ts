import type { Case } from '../../../incident/case.ts';

/**
 * Says so where a responder has changed what is about to be read: its trace is not the attacker's.
 */
export const oursIn = ({ befores, actions }: Case, responder: string): string | undefined => {
  const acted = actions.some(
    (action) => action.responder === responder && ['contained', 'applied'].includes(action.outcome),
  );
  const before = befores.find((record) => record.responder === responder);
  if (!acted && !before) return undefined;
  const since = before ? `, after ${new Date(before.since).toISOString()}` : '';
  const change = `Cordon changed this (${responder}${since})`;
  return `${change}; what it was before is in cordon/before-records.json`;
};
