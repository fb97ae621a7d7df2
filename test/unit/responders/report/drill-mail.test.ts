import { expect, it } from 'vitest';
import type { Case } from '../../../../responders/incident/case.ts';
import type { Score } from '../../../../responders/incident/score.ts';
import { drillLetter, lostLetter } from '../../../../responders/report/drill-mail.ts';
import { aCase, place } from '../../../support/responders/report/samples.ts';

const released = async (): Promise<Case> => {
  const incident = await aCase();
  return { ...incident, head: { ...incident.head, drill: true, state: 'released' } };
};
const score = (over: Partial<Score> = {}): Score => ({
  ...{
    scenario: 'lambda-credential-theft',
    incidentId: 'inc-20261121-7f3k2m9q',
    checks: 14,
    failed: [],
    restored: true,
  },
  firstDeniedMs: 412,
  ...over,
});
const head = ({ body }: { readonly body: string }): string[] => body.split('\n').slice(0, 3);

it('says what, where, contained or not, and what to do in its first three lines', async () => {
  const incident = await released();
  const letter = drillLetter(incident, score(), place);

  expect(letter.subject).toBe(
    `[DRILL] Cordon drill passed: ${incident.head.id}, lambda-credential-theft`,
  );
  expect(head(letter)).toEqual([
    'What:  drill lambda-credential-theft PASSED, 14 of 14 checks, a DRILL',
    'Where: function orders, role orders-role, in 111122223333/eu-west-1',
    expect.stringMatching(
      /^State: It was contained \d+\.\d s after Cordon had the finding; first denied call 0\.4 s after the finding\. Everything is as it was before\. NEXT: Nothing to do\.$/,
    ),
  ]);
});

it('names every check that failed', async () => {
  const failed = ['the neighbour keeps working', 'every stage ran'] as const;
  const { subject, body } = drillLetter(await released(), score({ failed }), place);

  expect(subject).toContain('drill FAILED');
  expect(body).toContain(
    'FAILED, 12 of 14 checks passed, a DRILL; first failed: the neighbour keeps working\n',
  );
  for (const name of failed) expect(body).toContain(`  - ${name}\n`);
  expect(body).toContain('NEXT: Find out why: cordon show inc-');
});

it.each([
  ['the thief went on', { failed: ['the stolen session is denied'] as const }],
  ['Cordon says that it is not', { failed: ['Cordon says that it is contained'] as const }],
])('does not say contained where %s', async (_why, over) => {
  const letter = drillLetter(await released(), score(over), place);
  expect(head(letter)[2]).toMatch(/^State: NOT CONTAINED/);
});

it('does not say contained where the incident has seen nothing hold', async () => {
  const incident = await released();
  const clocks = { ...incident.head.clocks, effective: null };
  expect(
    head(drillLetter({ ...incident, head: { ...incident.head, clocks } }, score(), place))[2],
  ).toMatch(/^State: NOT CONTAINED/);
});

it('says how to put back what is not as before', async () => {
  const letter = drillLetter(
    await released(),
    score({ failed: ['the account is as it was before'], restored: false }),
    place,
  );
  expect(head(letter)[2]).toMatch(
    /Released, but NOT everything is as before\. NEXT: Put it back: cordon release inc-/,
  );
});

it('a drill without an incident is told too, and where to look', () => {
  const { subject, body } = lostLetter(
    score({ incidentId: null, failed: ['the drill ran to its end'], restored: true }),
  );
  expect(subject).toBe('[DRILL] Cordon drill FAILED: no incident, lambda-credential-theft');
  expect(head({ body })).toEqual([
    expect.stringMatching(/NO INCIDENT came of the finding; .* FAILED, 13 of 14 checks passed/),
    expect.stringMatching(/^Where: /),
    expect.stringMatching(/^State: NOT CONTAINED: .* NEXT: /),
  ]);
});

it('keeps SNS’s rules', async () => {
  const incident = await released();
  const suspect = {
    kind: 'function' as const,
    functionName: 'f'.repeat(64),
    roleName: 'r',
    sharing: 'sole' as const,
  };
  const { subject } = drillLetter(
    { ...incident, head: { ...incident.head, suspect } },
    score(),
    place,
  );
  expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
});
