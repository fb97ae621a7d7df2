import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { type IncidentFilter, incidentPage } from '../../../../console/api/incident-list.ts';
import { type IncidentState, incidentStates } from '../../../../responders/incident/incident.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import fc from '../../../support/property.ts';

interface Stored {
  readonly id: string;
  readonly state: IncidentState;
  readonly openedAt: string;
  readonly drill: boolean;
  readonly finding: { readonly type: string; readonly severity: number; readonly title: string };
}

/** The index of the case table: its order among equal times is nobody's promise. */
const indexOf = (incidents: readonly Stored[]) => {
  const dynamo = new DynamoDBClient({ region: 'eu-west-1' });
  mockClient(dynamo)
    .on(QueryCommand)
    .callsFake(({ ExpressionAttributeValues: values, Limit, ExclusiveStartKey }) => {
      const of = incidents
        .filter(({ state }) => state === values[':state'].S)
        .filter(({ openedAt }) => !values[':from'] || openedAt <= values[':from'].S)
        .sort((left, right) => right.openedAt.localeCompare(left.openedAt));
      const begun = ExclusiveStartKey ? unmarshall(ExclusiveStartKey).id : undefined;
      const start = of.findIndex(({ id }) => id === begun) + 1;
      const page = of.slice(start, start + Limit);
      const last = page.at(-1);
      return {
        Items: page.map((incident) => marshall(incident)),
        ...(last && start + Limit < of.length && { LastEvaluatedKey: marshall({ id: last.id }) }),
      };
    });
  return { table: { dynamo, name: 'cases' }, mask: maskWith('salt') };
};

const incident = (over: Partial<Stored> = {}): Stored => ({
  id: 'inc-20261121-00000000',
  state: 'contained',
  openedAt: '2026-11-21T10:00:00.000Z',
  drill: false,
  finding: { type: 'Backdoor:Lambda/C&CActivity.B', severity: 8, title: 'A title' },
  ...over,
});

const everyPage = async (
  incidents: readonly Stored[],
  filter: IncidentFilter,
  limit: number,
): Promise<readonly string[]> => {
  const deps = indexOf(incidents);
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages <= incidents.length + 2; pages += 1) {
    const page = await incidentPage(filter, { limit, cursor }, deps);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ id }) => id));
    if (page.cursor === null) return ids;
    cursor = page.cursor;
  }
  throw new Error('the list does not end');
};

const newestFirst = (left: Stored, right: Stored): number =>
  right.openedAt.localeCompare(left.openedAt) || right.id.localeCompare(left.id);

it('pages of any size have every incident once, the newest first', async () => {
  const some = fc.array(
    fc.record({
      state: fc.constantFrom(...incidentStates.slice(0, 3)),
      minute: fc.integer({ min: 0, max: 9 }),
      drill: fc.boolean(),
    }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(some, fc.integer({ min: 1, max: 7 }), async (drawn, limit) => {
      const incidents = drawn.map(({ state, minute, drill }, index) =>
        incident({
          id: `inc-20261121-${String(index).padStart(8, '0')}`,
          state,
          drill,
          openedAt: `2026-11-21T10:0${minute}:00.000Z`,
        }),
      );
      const real = incidents.filter(({ drill }) => !drill).sort(newestFirst);
      expect(await everyPage(incidents, { drills: 'hide' }, limit)).toEqual(
        real.map(({ id }) => id),
      );
    }),
    { numRuns: 60 },
  );
});

it('a filter that hardly anything passes ends, and misses nothing', async () => {
  const many = Array.from({ length: 1_200 }, (_none, index) =>
    incident({
      id: `inc-20261121-${String(index).padStart(8, '0')}`,
      openedAt: new Date(Date.UTC(2026, 10, 1) + index * 60_000).toISOString(),
      drill: index !== 3,
    }),
  );
  expect(await everyPage(many, { drills: 'hide' }, 25)).toEqual(['inc-20261121-00000003']);
});

it('what an attacker wrote is masked and in one line', async () => {
  const secret = 'correct-horse-battery';
  const title = `new\nline \u202e and password=${secret}`;
  const hostile = incident({ finding: { type: `<b>password=${secret}`, severity: 8, title } });
  const { items } = await incidentPage({ drills: 'show' }, { limit: 5 }, indexOf([hostile]));
  const text = JSON.stringify(items);
  expect(text).not.toContain(secret);
  expect(text).not.toMatch(/\\n|\u202e/);
});

it('a cursor that nobody gave is refused', async () => {
  const paging = { limit: 5, cursor: Buffer.from('{"pk":"x"}').toString('base64url') };
  await expect(incidentPage({ drills: 'show' }, paging, indexOf([]))).rejects.toMatchObject({
    status: 400,
  });
});

it('a drill that has ended has its score, and a real incident has none', async () => {
  const score = {
    ...{ scenario: 'lambda-credential-theft', incidentId: 'inc-20261121-00000000', checks: 15 },
    ...{ failed: ['containment is fast'], restored: true, firstDeniedMs: 1_900 },
  };
  const drill = { ...incident({ drill: true }), score };
  const real = { ...incident({ id: 'inc-20261121-11111111' }), score };
  const { items } = await incidentPage({ drills: 'show' }, { limit: 5 }, indexOf([drill, real]));
  const { incidentId: _own, ...shown } = score;
  expect(items.map(({ id, score: told }) => [id, told])).toEqual([
    ['inc-20261121-11111111', null],
    ['inc-20261121-00000000', { ...shown, passed: false }],
  ]);
});
