// Incidents in every state, written into the case table of a run as containment would have left
// them.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { clientConfig } from '../../../local/engine/clients.ts';
import { output } from '../../../operator/place.ts';
import type { Case, Head } from '../../../responders/incident/case.ts';
import { incidentStates } from '../../../responders/incident/incident.ts';
import { toItem } from '../../../responders/incident/items.ts';
import {
  actionKey,
  beforeKey,
  headKey,
  incidentKey,
  mailKey,
  stageKey,
} from '../../../responders/incident/keys.ts';
import { inState } from '../../../tools/preview/samples.ts';
import type { CordonUp } from './cordon-up.ts';

const hostileTitle =
  'Ünïcödé 攻撃 \u001b[31mred\u202E and aVeryLongWordWithoutAnySpaceThatNoTerminalOfFortyColumnsCanHold';

/** The id of a canned incident: `inc-20261121-partial0`. */
const idOf = (name: string): string =>
  `inc-20261121-${name
    .replaceAll(/[^a-z]/g, '')
    .slice(0, 7)
    .padEnd(8, '0')}`;

const changedHead = (incident: Case, head: Partial<Head>): Case => ({
  ...incident,
  head: { ...incident.head, ...head },
});

const cases = (): readonly Case[] => {
  const states = incidentStates.map((state) => {
    const { incident } = inState(state);
    return changedHead(incident, { id: idOf(state) });
  });
  const { incident } = inState('notify-only');
  const { finding } = incident.head;
  return [
    ...states,
    changedHead(inState('released').incident, { id: idOf('drill'), drill: true }),
    changedHead(incident, {
      id: idOf('user'),
      suspect: null,
      finding: { ...finding, type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller' },
      attacker: { user: 'alice', keyEnd: 'Q7YA', addresses: [], userAgents: ['curl/8.5'] },
    }),
    changedHead(incident, { id: idOf('hostile'), finding: { ...finding, title: hostileTitle } }),
  ];
};

/** Stores the incidents, and returns their ids. */
export const storeCanned = async ({ connection, place }: CordonUp): Promise<readonly string[]> => {
  const dynamo = new DynamoDBClient(clientConfig(connection));
  const TableName = output(place, 'CordonResponse', 'CaseTableName');
  const store = (item: object) =>
    dynamo.send(new PutItemCommand({ TableName, Item: toItem(item) }));
  const stored = cases();
  for (const { head, actions, befores, stages, mails } of stored) {
    const pk = incidentKey(head.id);
    await store({ pk, sk: headKey, ...head });
    for (const action of actions) await store({ pk, sk: actionKey(action), ...action });
    for (const record of befores)
      await store({ pk, sk: beforeKey(record), ...record, before: JSON.stringify(record.before) });
    for (const stage of stages)
      await store({ pk, sk: stageKey({ ...stage, round: 1 }), ...stage, round: 1 });
    for (const mail of mails)
      await store({ pk, sk: mailKey({ ...mail, round: 1 }), ...mail, round: 1 });
  }
  return stored.map(({ head }) => head.id);
};
