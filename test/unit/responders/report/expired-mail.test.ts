import { expect, it } from 'vitest';
import { tellExpired } from '../../../../responders/report/expired-mail.ts';
import { office } from '../../../support/responders/report/office.ts';

const desk = () => {
  const { post, published, clock } = office();
  return {
    clock,
    tell: (expired: readonly string[]) => tellExpired(expired, { post, account: '111122223333' }),
    letters: () => published.map(({ letter }) => letter),
  };
};
const days = (many: number): number => many * 86_400_000;
const entry = 'Recon:EC2/* (anna, until 2026-11-20T00:00:00.000Z): a load test';

it('says in three lines what, where and what to do, and then names each entry', async () => {
  const { tell, letters } = desk();
  await tell([entry]);

  const [letter] = letters();
  expect(letter?.subject).toBe("Cordon's configuration: 1 entry expired");
  expect(letter?.body.split('\n').slice(0, 5)).toEqual([
    'What:  1 entry of neverContain or suppressions expired and no longer counted',
    'Where: account 111122223333',
    'State: Cordon contains and tells what they kept from it. NEXT: ask the owner; then give ' +
      'the entry a later end, or remove it, and deploy.',
    '',
    `- ${entry}`,
  ]);
});

it('tells the same entries once a week, and others at once', async () => {
  const { tell, letters, clock } = desk();
  await tell([entry]);
  clock.at += days(6);
  await tell([entry]);
  expect(letters()).toHaveLength(1);
  await tell([entry, 'another']);
  expect(letters()).toHaveLength(2);
  clock.at += days(1);
  await tell([entry]);
  expect(letters()).toHaveLength(3);
});

it('names twenty entries, and counts the rest', async () => {
  const { tell, letters } = desk();
  await tell(Array.from({ length: 300 }, (_, number) => `${number}: ${'x'.repeat(400)}`));
  expect(letters()[0]?.body).toContain('- and 280 more: "cordon policy explain" prints all');
  expect(letters()[0]?.body.length).toBeLessThan(8_000);
});
