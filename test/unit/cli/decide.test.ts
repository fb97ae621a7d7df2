import { expect, it } from 'vitest';
import { answerEach, waitingHeads } from '../../../cli/decide.ts';
import { createOutput } from '../../../cli/output.ts';
import { CordonError } from '../../../operator/errors.ts';
import { update } from '../../../responders/incident/case-table.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { fakeDeps } from '../../support/fakes/deps.ts';
import { contain } from '../../support/responders/contained.ts';

const [beacon, miner] = ['Backdoor:Lambda/C&CActivity.B', 'CryptoCurrency:Lambda/BitcoinTool.B'];

/** Three questions, of which one was not answered in time, and an incident that was contained. */
const waiting = async () => {
  const { deps, clock } = fakeDeps();
  const open = async (id: string, shape: Parameters<typeof contain>[2]) => {
    clock.at += 1_000;
    return (await contain(deps, id, shape)).incidentId ?? '';
  };
  const first = await open('f1', { severity: 5 });
  const second = await open('f2', { severity: 5 });
  const third = await open('f3', { severity: 5 });
  const contained = await open('f4', { severity: 8 });
  await update(deps.table, first, { state: 'unanswered' });
  const { finding } = (await readCase(deps.table, second)).head;
  await update(deps.table, second, { finding: { ...finding, type: miner } });
  return { deps, first, second, third, contained };
};

it('decide --all is about every open question, oldest first, also one that went unanswered', async () => {
  const { deps, first, second, third } = await waiting();
  const heads = await waitingHeads(deps.table);
  expect(heads.map(({ id }) => id)).toEqual([first, second, third]);
});

it('decide --all --type leaves the questions of other types open', async () => {
  const { deps, first, second, third } = await waiting();
  const ids = async (type: string) => (await waitingHeads(deps.table, type)).map(({ id }) => id);
  expect(await ids(beacon)).toEqual([first, third]);
  expect(await ids(miner)).toEqual([second]);
  expect(await ids('Backdoor:*')).toEqual([first, third]);
  expect(await ids('*:Lambda/*')).toEqual([first, second, third]);
  expect(await ids('Backdoor:Lambda')).toEqual([]);
});

it('one of several that cannot be answered is told, and the others are answered', async () => {
  const printed: string[] = [];
  const stdout = (text: string) => printed.push(text);
  const out = createOutput({ stdout, stderr: () => {}, interactive: false }, false);
  const answered = (incidentId: string) => ({
    ...{ incidentId, contain: true, by: 'anna', reason: 'a test' },
    ...{ state: 'contained' as const, late: false, secondNeeded: false },
  });

  const { decisions, failed } = await answerEach(out, ['a', 'b', 'c'], async (incident) => {
    if (incident === 'b') throw new CordonError('b does not wait for a decision');
    return answered(incident);
  });

  expect(decisions).toEqual([answered('a'), answered('c')]);
  expect(failed).toEqual([{ incident: 'b', error: 'b does not wait for a decision' }]);
  expect(printed).toEqual(['NOT ANSWERED: b\n  b does not wait for a decision\n']);
});
