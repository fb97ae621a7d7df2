import { type Circle, isFull } from './circle.ts';
import type { AskedQuestion, BlindSpot } from './timeline.ts';

/**
 * Services whose reads and writes are data events: a trail records them only where it was told to.
 */
const dataServices: Readonly<Record<string, string>> = {
  's3.amazonaws.com': 'reading and writing S3 objects',
  'dynamodb.amazonaws.com': 'reading and writing DynamoDB items',
  'lambda.amazonaws.com': 'invoking functions',
};

export interface Coverage {
  readonly region: string;
  readonly kind: string;
  readonly latest: string;
}

const missed = (asked: readonly AskedQuestion[]): BlindSpot[] =>
  asked
    .filter(({ state }) => state !== 'complete')
    .map(({ id, source, state, why = '' }) => ({
      what: `${source}: ${id}`,
      why: `${state}: ${why}`,
    }));

const elsewhere = ({ followed, wanted }: Circle, accounts: readonly string[]): BlindSpot[] =>
  [...new Set(followed.map(({ who }) => who.split(':')[4] ?? ''))]
    .filter(
      (account) => account !== '' && account !== wanted.account && !accounts.includes(account),
    )
    .map((account) => ({
      what: `account ${account}`,
      why: 'a role there was assumed; its trail is not among those that are searched',
    }));

const tooMany = (circle: Circle): BlindSpot[] =>
  isFull(circle)
    ? [
        {
          what: 'some principals',
          why: 'the session went on to more than Cordon follows; query the trail about the others',
        },
      ]
    : [];

/** What pass 1 cannot see. */
export const historyBlind = (
  circle: Circle,
  asked: readonly AskedQuestion[],
  regions: readonly string[],
): readonly BlindSpot[] => [
  {
    what: 'data events',
    why:
      'CloudTrail’s event history has no reads or writes of objects and items, ' +
      'and no invocations',
  },
  { what: 'the last minutes', why: 'CloudTrail shows a call some minutes after it was made' },
  {
    what: `regions other than ${regions.join(', ')}`,
    why: 'the event history is kept by region; pass 2 searches the others',
  },
  ...tooMany(circle),
  ...missed(asked),
];

/** What pass 2 cannot see. */
export const trailBlind = (
  circle: Circle,
  asked: readonly AskedQuestion[],
  coverage: readonly Coverage[],
  {
    regions,
    accounts,
  }: { readonly regions: readonly string[]; readonly accounts: readonly string[] },
): readonly BlindSpot[] => {
  const kinds = new Set(coverage.map(({ kind }) => kind));
  const known = coverage.length > 0;
  return [
    ...Object.entries(dataServices)
      .filter(([source]) => known && !kinds.has(source))
      .map(([, what]) => ({
        what,
        why:
          'the trail holds no such data event of these days: ' +
          'it was not told to record them, or there were none',
      })),
    ...(known
      ? [
          {
            what: 'data events of other resources',
            why: 'a trail records those of the resources that it names, and of no others',
          },
        ]
      : []),
    ...(known && !kinds.has('management')
      ? [{ what: 'management events', why: 'the trail holds none of these days: is it logging?' }]
      : []),
    { what: 'other regions', why: `searched are ${regions.join(', ')}` },
    ...elsewhere(circle, accounts),
    ...tooMany(circle),
    ...missed(asked),
  ];
};
