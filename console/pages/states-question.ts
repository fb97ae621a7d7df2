import type { Answers, PageState as KitState } from '../../pages-kit/states.ts';
import { broken, incidentId, missing, question } from './scripted.ts';

type PageState = KitState<'reader' | 'approver' | 'responder' | 'auditor'>;

/** A state of the page of a question. */
export const ofQuestion = (
  shown: string,
  more: object = {},
  rest: Partial<PageState> = {},
): PageState => ({
  ...{ shown, path: `/q/${incidentId}`, as: 'approver' },
  answers: asks(more),
  ...rest,
});
export const asks = (more: object): Answers => ({
  'GET /incidents/{id}/question': { body: { ...question, ...more }, headers: { ETag: '"one"' } },
});

/** What is asked after two revisions of the finding. */
export const changedQuestion = {
  ...question,
  digest: 'b'.repeat(64),
  finding: { ...question.finding, severity: 9, revisions: 3 },
  callers: ['API orders', 'queue order-events', 'rule nightly-orders'],
};

export const questionStates: readonly PageState[] = [
  ofQuestion('question-open'),
  ofQuestion('question-not-yours', {}, { as: 'reader' }),
  ofQuestion('question-second-needed', {
    twoPersons: true,
    yeses: [{ at: Date.now() - 90_000, by: 'anna', reason: 'the owner does not know the calls' }],
  }),
  ofQuestion('question-closed', {
    ...{ open: false, state: 'contained', timeLimit: null },
    answers: [
      { at: Date.now() - 60_000, by: 'anna', contain: true, reason: 'confirmed with the owner' },
    ],
  }),
  ofQuestion(
    'question-loading',
    {},
    { answers: { 'GET /incidents/{id}/question': { isLate: true } } },
  ),
  ofQuestion('question-failed', {}, { answers: { 'GET /incidents/{id}/question': broken } }),
  ofQuestion('question-missing', {}, { answers: { 'GET /incidents/{id}/question': missing } }),
  ofQuestion('question-containing', {}, { steps: [{ press: 'Contain' }] }),
  ofQuestion('question-leaving', {}, { steps: [{ see: 'question-open' }, { key: 'd' }] }),
  ofQuestion(
    'question-changed',
    {},
    {
      answers: {
        'GET /incidents/{id}/question': {
          ...{ body: question, headers: { ETag: '"one"' } },
          next: {
            body: changedQuestion,
            headers: { ETag: '"two"' },
          },
        },
      },
    },
  ),
];
