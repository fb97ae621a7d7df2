import { expect, it } from 'vitest';
import { incidentText } from '../../../operator/incident-text.ts';
import { incidentView } from '../../../operator/incident-view.ts';
import { incidentStates } from '../../../responders/incident/incident.ts';
import { letter } from '../../../responders/report/mail.ts';
import { verdictWith } from '../../../responders/report/verdict-line.ts';
import { nextStep } from '../../../responders/report/words.ts';
import { inState, place } from '../../../tools/preview/samples.ts';

const viewOf = (state: (typeof incidentStates)[number]) =>
  incidentView(inState(state).incident, { mask: (text) => text, bucket: 'evidence' });

it.each(incidentStates)('command and mail say the same of an incident %s', (state) => {
  const view = viewOf(state);
  const text = incidentText(view);
  const { body } = letter(inState(state).incident, 'flash', place);
  const { head, actions } = inState(state).incident;

  const verdict = verdictWith({ state, actions }, head.decision.reason);
  expect(text.split('\n')[0]).toBe(verdict);
  // The mail of a release knows the report, and so what is still to be rotated.
  const step =
    state === 'released'
      ? `Rotate what the report lists, if nobody has done it yet: cordon report ${head.id}`
      : nextStep(head, actions).replace(`how: cordon report ${head.id}`, 'commands below');
  expect(body).toContain(`State: ${verdict} NEXT: ${step}`);
  expect(text).toContain(`\nNext\n  ${nextStep(head, actions)}`);
});

it.each([
  ['contained', 1],
  ['partial', 1],
  ['contested', 1],
  ['not-contained', 0],
  ['released', 0],
] as const)(
  'an incident %s names the command that takes back what holds: %d times',
  (state, times) => {
    expect(incidentText(viewOf(state)).split('cordon release').length - 1).toBe(times);
  },
);

it('the command says of an expired drill that its evidence and reports are gone', () => {
  const view = incidentView(inState('released').incident, {
    mask: (text) => text,
    bucket: 'evidence',
    expired: true,
  });

  expect(incidentText(view)).toContain('Evidence\n  gone, with the reports and the timeline');
  expect(incidentText(view)).not.toContain('s3://');
});
