import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { textAt } from '../shared/json.ts';
import { wantedNumber } from '../shared/wanted.ts';
import type { Case, Head } from './case.ts';
import type { IncidentState } from './incident.ts';
import { stateIndex } from './keys.ts';
import { openQuestionStates } from './question.ts';
import { readCase } from './read-case.ts';
import type { Table } from './table.ts';

/** When an open question is asked again, when others are asked, and where. */
export interface QuestionRhythm {
  readonly remindMinutes: number;
  readonly escalateMinutes: number;
  /** The ARN of the topic of the others; null where there are none. */
  readonly topic: string | null;
}

export const wantedQuestions = (source: unknown, path: string): QuestionRhythm => ({
  remindMinutes: wantedNumber(source, `${path}.remindMinutes`),
  escalateMinutes: wantedNumber(source, `${path}.escalateMinutes`),
  topic: textAt(source, `${path}.topic`),
});

/** A run asks about the oldest; what is left is asked about by the next one. */
const mostAtOnce = 100;

const idsInState = async ({ dynamo, name }: Table, state: IncidentState): Promise<string[]> => {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: name,
      IndexName: stateIndex,
      KeyConditionExpression: '#state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': { S: state } },
      Limit: mostAtOnce,
    }),
  );
  return Items.flatMap((item) => textAt(item, 'id.S') ?? []);
};

/** The incidents that a person still has to decide, without rehearsals. */
export const openQuestions = async (table: Table): Promise<readonly Case[]> => {
  const ids = await Promise.all(openQuestionStates.map((state) => idsInState(table, state)));
  const cases: Case[] = [];
  for (const id of ids.flat()) cases.push(await readCase(table, id));
  return cases.filter(({ head }) => !head.drill);
};

/** A question is due when its last mail is as old as the time between two of them. */
export const isDue = ({ head, mails }: Case, now: number, remindMinutes: number): boolean => {
  const asked = mails.find(({ kind, round }) => kind === 'ask' && round === head.round);
  return now - (asked?.at ?? 0) >= remindMinutes * 60_000;
};

/** Others are asked when it has waited for so long since it was first asked. */
export const isLate = (
  { timeLimit, openedAt }: Pick<Head, 'timeLimit' | 'openedAt'>,
  now: number,
  escalateMinutes: number,
): boolean => now - (timeLimit?.askedAt ?? Date.parse(openedAt)) >= escalateMinutes * 60_000;
