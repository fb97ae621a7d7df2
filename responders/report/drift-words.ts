import type { Case } from '../incident/case.ts';
import { remadeKind } from '../incident/remade.ts';
import { inZone } from '../shared/time-text.ts';
import type { Show } from './shown.ts';

/** What came of changes that another principal made: a remade role or user is not the old one. */
const afterDrift = (changes: readonly string[]): string => {
  const kinds = [...new Set(changes.flatMap((change) => remadeKind(change) ?? []))];
  if (kinds.length === 0) return 'it is contained again';
  const rest = changes.some((change) => remadeKind(change) === undefined)
    ? '; the rest is contained again'
    : '';
  const another = `another ${kinds.join(' and ')} of the same name exists and is denied too`;
  return `${another}: find out who made it${rest}`;
};

/** The last change that another principal took back, and who did it where CloudTrail says so. */
export const driftText = ({ head, drifts }: Case, show: Show, zone: string): string => {
  const last = drifts.at(-1);
  if (!last || head.state !== 'contested') return '';
  const by = last.by ? ` by ${show(last.by, 200)}` : '; CloudTrail does not show yet by whom';
  const changes = show(last.changes.join(', '), 400);
  return `${inZone(last.at, zone)}${by}: ${changes}; ${afterDrift(last.changes)}`;
};
