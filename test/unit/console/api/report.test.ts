// The versions of a report over all rounds, and the mails as they were sent.
import { expect, it } from 'vitest';
import { report } from '../../../../console/api/report.ts';
import { reportReply } from '../../../../console/schemas/replies.ts';
import { HttpProblem } from '../../../../protected-app/shared/problem.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { createBytes } from '../../../../responders/evidence/store.ts';
import { saveMail, saveStage } from '../../../../responders/incident/records.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { person, request } from '../../../support/console/people.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { reportStageOf } from '../../../support/responders/stages.ts';

const secret = 'password=hunter2-hunter2';

/** An incident whose workload was contained twice: three versions, and two mails. */
const world = async () => {
  const { deps } = fakeDeps();
  const { to } = fakeBucket();
  const arrival = { event: lambdaFinding(), execution: 'e', drill: false };
  const { incidentId: id } = await containFinding(arrival, deps);
  const written = [
    [2, 1],
    [1, 2],
    [1, 1],
  ] as const;
  for (const [round, version] of written) {
    const text = `incidents/${id}/${round}/report/v${version}.txt`;
    await saveStage(deps.table, id, reportStageOf(version, { round, text }));
    await createBytes(to, {
      ...{ key: text, body: Buffer.from(`round ${round}, version ${version}`) },
      type: 'text/plain',
    });
  }
  const body = `What:  orders\n\u202eState: ${secret}\n`;
  await saveMail(deps.table, id, { kind: 'report', subject: 'later', at: 2, round: 1, body });
  await saveMail(deps.table, id, { kind: 'flash', subject: 'first', at: 1, round: 1 });
  const asks = report({
    ...{ table: deps.table, mask: maskWith('salt'), now: Date.now, s3: to.s3 },
    buckets: { real: to.bucket, drill: to.bucket },
  });
  return (query: Record<string, string> = {}) =>
    asks(request({ caller: person('anna', 'readers'), path: { id }, query }));
};

it('lists the versions of every round, the oldest first, and shows the latest', async () => {
  const { body } = await (await world())();

  expect(reportReply.parse(body)).toMatchObject({
    versions: [
      { round: 1, version: 1 },
      { round: 1, version: 2 },
      { round: 2, version: 1 },
    ],
    shown: { round: 2, version: 1 },
    text: 'round 2, version 1',
  });
});

it('shows the version that is asked for', async () => {
  const ask = await world();
  expect((await ask({ version: '2' })).body).toMatchObject({ text: 'round 1, version 2' });
  expect((await ask({ round: '1', version: '1' })).body).toMatchObject({
    ...{ shown: { round: 1, version: 1 }, text: 'round 1, version 1' },
  });
  await expect(ask({ round: '2', version: '2' })).rejects.toThrow(HttpProblem);
  await expect(ask({ round: '3' })).rejects.toThrow('no such version');
});

it('gives mails as they were sent, without secrets and hidden characters', async () => {
  const { body } = await (await world())();
  const [first, later] = reportReply.parse(body).mails;

  expect(first).toEqual({ kind: 'flash', subject: 'first', at: 1, round: 1, body: null });
  expect(later?.body?.split('\n')).toEqual([
    ...['What:  orders', expect.stringMatching(/^\\u\{202e\}State: (?!.*hunter2)/), ''],
  ]);
});
