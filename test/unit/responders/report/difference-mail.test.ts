import { expect, it } from 'vitest';
import { tellDifferences } from '../../../../responders/report/difference-mail.ts';
import type { Post } from '../../../../responders/report/outbox.ts';
import { office } from '../../../support/responders/report/office.ts';

const desk = () => {
  const { post, published, clock } = office();
  return {
    clock,
    tell: (differences: readonly string[], tellOthers?: Post['publish']) =>
      tellDifferences(differences, { post, account: '111122223333', tellOthers }),
    letters: () => published.map(({ letter: { subject, body } }) => ({ subject, body })),
  };
};
const hours = (many: number): number => many * 3_600_000;

it('says in three lines what, where and what to do, and then names each part', async () => {
  const { tell, letters } = desk();
  await tell(['rule Findings is DISABLED', 'key 12 is Disabled']);

  const [letter] = letters();
  expect(letter?.subject).toBe('Cordon itself differs from what was deployed: 2 differences');
  expect(letter?.body.split('\n').slice(0, 6)).toEqual([
    'What:  2 parts of Cordon changed without a deployment',
    'Where: account 111122223333',
    'State: findings may not be contained, or not told. NEXT: deploy Cordon again, then find out ' +
      'in CloudTrail who made the change. If no person of yours did, stop this caller.',
    '',
    '- rule Findings is DISABLED',
    '- key 12 is Disabled',
  ]);
});

it('tells the same differences once a day, and others at once', async () => {
  const { tell, letters, clock } = desk();
  await tell(['key 12 is Disabled']);
  clock.at += hours(1);
  await tell(['key 12 is Disabled']);
  expect(letters()).toHaveLength(1);

  await tell(['key 12 is Disabled', 'rule Findings is DISABLED']);
  expect(letters()).toHaveLength(2);

  clock.at += hours(24);
  await tell(['key 12 is Disabled']);
  expect(letters()).toHaveLength(3);
});

it('counts what would make the mail too long, and shows no hidden characters', async () => {
  const { tell, letters } = desk();
  await tell(Array.from({ length: 25 }, (_, index) => `function f${index}\u202e is Failed`));

  const [letter] = letters();
  expect(letter?.body).toContain('- and 5 more: the log of CheckLambda has all');
  expect(letter?.body).not.toContain('\u202e');
});

it('tells others too where the mail may reach nobody, and only then, as often as the mail', async () => {
  const { tell, letters, clock } = desk();
  const heard: string[] = [];
  const others = async ({ subject }: { readonly subject: string }) => void heard.push(subject);
  await tell(['key 12 is Disabled'], others);
  expect(heard).toEqual([]);

  const lost = ['topic Alerts does not reach a@example.com any more'];
  await tell(lost, others);
  await tell(lost, others);
  expect(heard).toEqual(['Cordon itself differs from what was deployed: 1 difference']);
  expect(letters()).toHaveLength(2);

  clock.at += hours(24);
  await tell(lost);
  expect([heard.length, letters().length]).toEqual([1, 3]);
});

it('a mail to others that fails is told, and does not keep the mail back', async () => {
  const { tell, letters } = desk();
  const failing = async () => Promise.reject(new Error('the topic is gone'));

  await expect(tell(['topic Alerts could not be read (no)'], failing)).rejects.toThrow('is gone');
  expect(letters()).toHaveLength(1);
});
