import { type IncidentState, incidentStates } from '../../responders/incident/incident.ts';
import { nextStep, signs, tones, verdicts } from '../../responders/report/words.ts';

/**
 * What brings an incident into each state, and which states may follow: by an answer, the watch, a
 * release, or a newer revision of the finding.
 */
const changes: Readonly<
  Record<IncidentState, { readonly cause: string; readonly next: readonly IncidentState[] }>
> = {
  open: {
    cause: 'Cordon decided to contain, and its changes are being made',
    next: ['contained', 'partial', 'not-contained'],
  },
  'awaiting-approval': {
    cause: 'a person must decide: critical tag, many containments, an unread or an unproven fact',
    next: ['open', 'unanswered', 'notify-only'],
  },
  contained: {
    cause: 'every change was made and seen to hold',
    next: ['contested', 'partial', 'not-contained', 'released'],
  },
  partial: {
    cause: 'some changes hold and others do not; or a release did not restore everything',
    next: ['contained', 'contested', 'released'],
  },
  'not-contained': { cause: 'no change holds', next: ['contained', 'partial', 'released'] },
  contested: {
    cause: 'a caller in the account removed a change, and Cordon made it again',
    next: ['partial', 'not-contained', 'released'],
  },
  unanswered: {
    cause: 'nobody answered within the time limit, which left it alone',
    next: ['open', 'awaiting-approval'],
  },
  'notify-only': {
    cause: 'the policy forbids containment, or a person left it alone',
    next: ['open'],
  },
  suppressed: {
    cause: 'the severity is below the threshold',
    next: ['open', 'awaiting-approval', 'notify-only'],
  },
  forged: { cause: 'the finding, or the proof of a drill, is not genuine', next: [] },
  released: {
    cause: 'a person released it, and every target was restored',
    next: ['open', 'awaiting-approval'],
  },
};

/** Holds for the next step of states in which something was changed. */
const heldAction = [{ outcome: 'contained' }] as const;

const row = (state: IncidentState): string => {
  const { cause, next } = changes[state];
  const actions = ['unanswered', 'notify-only', 'suppressed', 'forged'].includes(state)
    ? []
    : heldAction;
  const cells = [
    `\`${state}\``,
    `${signs[tones[state]]} ${verdicts[state]}`,
    cause,
    next.map((following) => `\`${following}\``).join(', ') || '–',
    nextStep({ id: '<incident>', state, drill: false, finding: { type: '' } }, actions).replaceAll(
      /cordon \w+ <incident>( --reason "…")?/g,
      (command) => `\`${command}\``,
    ),
  ];
  return `| ${cells.join(' | ')} |`;
};

/** Every state of an incident: what the product says of it, and what a person does next. */
export const stateTable = (): string =>
  [
    '| State | Cordon says | Cause | Then | A person does next |',
    '|---|---|---|---|---|',
    ...incidentStates.map(row),
  ].join('\n');
