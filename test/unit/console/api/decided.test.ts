// What the audit says of a decision, and what the person is told when the audit cannot be written.
import { describe, expect, it } from 'vitest';
import { type AskedDecision, decided } from '../../../../console/api/decide-deps.ts';
import { CordonError, PendingError } from '../../../../operator/errors.ts';
import { HttpProblem } from '../../../../protected-app/shared/problem.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { person, request, signedInAt } from '../../../support/console/people.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';

const secret = 'password=hunter2-hunter2';

/** A ledger that takes the outcome or not, and whatever is said loudly. */
const world = ({ takesOutcome }: { readonly takesOutcome: boolean }) => {
  const { to, objects } = fakeBucket((key) =>
    key.endsWith('-done.json') && !takesOutcome ? 'AccessDenied' : undefined,
  );
  const loud: unknown[][] = [];
  const caller = person('anna', 'approvers');
  const log = {
    ...{ info: () => undefined, warn: () => undefined },
    error: (...said: unknown[]) => void loud.push(said),
  };
  const asked: AskedDecision = {
    ...{ caller, request: request({ caller, log }), incident: 'inc-1', what: 'answer' },
    says: 'contain: it is real',
  };
  const outcomes = (): unknown[] =>
    [...objects]
      .filter(([key]) => key.startsWith('console/audit/'))
      .sort(([left], [right]) => left.localeCompare(right))
      .map(([, { body }]) => JSON.parse(body.toString()).outcome);
  const deps = { ledger: to, now: () => signedInAt + 1_000, mask: maskWith('salt') };
  return { outcomes, loud, act: (act: Parameters<typeof decided>[2]) => decided(deps, asked, act) };
};

const ends = {
  'that is done': async () => ({ outcome: 'contained', body: { state: 'contained' } }),
  'that is refused': () => Promise.reject(new HttpProblem(409, 'The release was refused.')),
  'that Cordon refuses': () => Promise.reject(new CordonError(`the text ${secret} is in it`)),
  'that takes longer': () => Promise.reject(new PendingError('later')),
  'that fails': () => Promise.reject(new TypeError('of nobody’s making')),
};

describe.each([true, false])('where the outcome can be written: %s, a decision', (takesOutcome) => {
  const outcome = (text: unknown) => ['asked', ...(takesOutcome ? [text] : [])];

  it.each([
    ['that is done', { status: 200, body: { state: 'contained' } }, 'contained'],
    ['that takes longer', { status: 202, body: { incidentId: 'inc-1', taken: true } }, 'taken'],
  ] as const)('%s is answered as that', async (end, answer, written) => {
    const { act, outcomes, loud } = world({ takesOutcome });
    expect(await act(ends[end])).toEqual(answer);
    expect(outcomes()).toEqual(outcome(written));
    expect(loud).toHaveLength(takesOutcome ? 0 : 1);
  });

  it.each([
    ['that is refused', /^The release was refused\.$/, /^not done: The release was refused\.$/],
    ['that Cordon refuses', /^the text (?!.*hunter2)/, /^not done: the text (?!.*hunter2)/],
    ['that fails', /^of nobody’s making$/, /^not done: failed$/],
  ] as const)('%s stays the problem that it was', async (end, problem, written) => {
    const { act, outcomes, loud } = world({ takesOutcome });
    await expect(act(ends[end])).rejects.toThrow(problem);
    expect(outcomes()).toEqual(outcome(expect.stringMatching(written)));
    expect(loud).toHaveLength(takesOutcome ? 0 : 1);
  });
});

it('an outcome that is not in the audit is told to the log with all that it would say', async () => {
  const { act, loud } = world({ takesOutcome: false });
  await act(ends['that is done']);
  expect(loud).toEqual([
    [
      'the audit lacks the outcome of a decision',
      {
        ...{ incident: 'inc-1', what: 'answer', outcome: 'contained' },
        error: expect.stringContaining('AccessDenied'),
      },
    ],
  ]);
});
