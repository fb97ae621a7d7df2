import { createHash } from 'node:crypto';
import { attackerIn } from '../finding/attacker.ts';
import { type Finding, parseFinding } from '../finding/finding.ts';
import { EdgeError } from '../shared/errors.ts';
import { numberAt, textAt } from '../shared/json.ts';
import type { ContainDeps, JudgedFinding } from './judge.ts';
import type { Arrival } from './opening.ts';

const noFinding = 'An event that is not a readable GuardDuty finding';

/** The severity and the title of an event of which other parts cannot be read. */
const readableParts = (event: unknown): Pick<Finding, 'severity' | 'title'> => {
  const severity = numberAt(event, 'detail.severity') ?? 0;
  const title = textAt(event, 'detail.title') ?? textAt(event, 'detail.type') ?? '';
  return {
    severity: severity >= 0 && severity <= 10 ? severity : 0,
    title: title === '' ? noFinding : `${noFinding}: ${title}`,
  };
};

/** An unreadable event opens an incident too: a person is notified, nothing is changed. */
const unreadable = (
  { event, drill }: Arrival,
  error: EdgeError,
  { settings, now }: ContainDeps,
): JudgedFinding => {
  const hash = createHash('sha256')
    .update(JSON.stringify(event) ?? 'undefined')
    .digest('hex');
  const { account, region, partition } = settings;
  const finding: Finding = {
    id: `unreadable-${hash.slice(0, 32)}`,
    detectorId: null,
    type: 'unreadable',
    ...readableParts(event),
    account,
    region,
    partition,
    sample: false,
    archived: false,
    drill,
    updatedAt: now(),
    firstSeen: null,
    lastSeen: null,
    eventAt: null,
    resourceType: 'unknown',
    attacker: attackerIn(event),
  };
  return {
    finding,
    decision: { kind: 'notify', reason: `the finding cannot be read: ${error.message}` },
    suspect: null,
    readings: [],
  };
};

/** The parsed finding; for an unreadable event, the decision to notify a person. */
export const readArrival = (arrival: Arrival, deps: ContainDeps): Finding | JudgedFinding => {
  try {
    return parseFinding(arrival.event, arrival.drill);
  } catch (error) {
    if (error instanceof EdgeError) return unreadable(arrival, error, deps);
    throw error;
  }
};
