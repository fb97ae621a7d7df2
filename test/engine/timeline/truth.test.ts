// The timeline against what the engine recorded: every call of the attack, and nobody else's. Then
// bad days of Athena.

import {
  AthenaClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateWorkGroupCommand,
} from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDrill } from '../../../game-day/drill.ts';
import { scenarios } from '../../../game-day/scenarios.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { signedGet } from '../../../local/engine/signed-request.ts';
import { output } from '../../../operator/place.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { type TimelineStage, timelineStage } from '../../../responders/incident/stage.ts';
import { at } from '../../../responders/shared/json.ts';
import { type CordonUp, cordonUp } from '../drills/cordon-up.ts';

let up: CordonUp;
beforeAll(async () => {
  up = await cordonUp();
});
afterAll(() => up?.stop());

const recorded = async (): Promise<readonly unknown[]> => {
  const found: unknown = await (
    await signedGet(up.connection, '/_cordon/cloudtrail?since=0')
  ).json();
  return Array.isArray(found) ? found : [];
};

const secondPassOf = async (id: string): Promise<TimelineStage> => {
  const table = {
    dynamo: new DynamoDBClient(clientConfig(up.connection)),
    name: output(up.place, 'CordonResponse', 'CaseTableName'),
  };
  const { stages } = await readCase(table, id);
  const found = timelineStage(stages, 2);
  if (!found) throw new Error(`${id} has no second pass`);
  return found;
};

const storedAt = async (key: unknown): Promise<unknown> => {
  const { Body } = await new S3Client(clientConfig(up.connection)).send(
    new GetObjectCommand({
      Bucket: output(up.place, 'CordonResponse', 'DrillEvidenceBucketName'),
      Key: String(key),
    }),
  );
  return JSON.parse((await Body?.transformToString()) ?? '');
};

const listAt = (value: unknown, path: string): readonly unknown[] => {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
};

/** What a caller can repeat without end; the timeline counts it. */
const isCounted = (record: unknown): boolean =>
  at(record, 'errorCode') !== undefined || at(record, 'eventName') === 'GetCallerIdentity';

const kindOf = (record: unknown): string => {
  const service = String(at(record, 'eventSource')).replace('.amazonaws.com', '');
  const outcome = String(at(record, 'errorCode') ?? 'allowed');
  return `${service}:${String(at(record, 'eventName'))} ${outcome}`;
};

const counts = (
  kinds: readonly (readonly [string, number])[],
): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {};
  for (const [kind, calls] of kinds) sums[kind] = (sums[kind] ?? 0) + calls;
  return sums;
};

const recordedCounts = (records: readonly unknown[]): Readonly<Record<string, number>> =>
  counts(records.filter(isCounted).map((record) => [kindOf(record), 1]));

/** One for each scenario. */
const incidents: string[] = [];

describe.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  '%s',
  (scenario, { workload }) => {
    it('the timeline holds every call of the stolen session up to its horizon, in order, and none of anybody else', async () => {
      const { checks, ...result } = await runDrill(scenario, {
        connection: up.connection,
        progress: () => undefined,
      });
      const { incidentId } = result;
      expect(checks.filter(({ passed }) => !passed)).toEqual([]);
      expect(result).toMatchObject({ scenario, passed: true, restored: true });
      incidents.push(incidentId);
      const timeline = await storedAt((await secondPassOf(incidentId)).json);
      const [from, to] = [String(at(timeline, 'window.from')), String(at(timeline, 'horizon'))];
      const { functionName, roleName } = await workload(up.place);
      const arn = `arn:aws:sts::${up.connection.account}:assumed-role/${roleName}/${functionName}`;
      const session = (record: unknown): boolean => at(record, 'userIdentity.arn') === arn;

      const all = await recorded();
      const since = all.filter((one) => session(one) && String(at(one, 'eventTime')) >= from);
      const truth = since.filter((one) => String(at(one, 'eventTime')) < to);
      const wanted = new Set(
        truth.filter((one) => !isCounted(one)).map((one) => String(at(one, 'eventID'))),
      );
      const told = listAt(timeline, 'all');
      const theirs = told.filter((one) => at(one, 'whose') === 'suspect');
      const known = new Map(all.map((one) => [String(at(one, 'eventID')), one]));
      const before = theirs
        .filter((one) => String(at(one, 'at')) < to)
        .map((one) => String(at(one, 'id')))
        .filter((id) => !isCounted(known.get(id)));

      const hits = before.filter((id) => wanted.has(id)).length;
      const [precision, recall] = [hits / before.length, hits / wanted.size];
      process.stdout.write(
        `${scenario}: ${wanted.size} calls up to ${to}, ` +
          `precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}\n`,
      );
      expect({ precision, recall }).toEqual({ precision: 1, recall: 1 });
      expect(truth.length).toBeGreaterThan(20);
      const toldCounts = counts(
        theirs
          .filter((one) => isCounted(known.get(String(at(one, 'id')))))
          .map((one) => [
            `${String(at(one, 'action'))} ${String(at(one, 'outcome'))}`,
            Number(at(one, 'count') ?? 1),
          ]),
      );
      for (const [kind, calls] of Object.entries(recordedCounts(truth)))
        expect(toldCounts[kind], kind).toBeGreaterThanOrEqual(calls);
      for (const [kind, calls] of Object.entries(toldCounts))
        expect(calls, kind).toBeLessThanOrEqual(recordedCounts(since)[kind] ?? 0);
      expect(Object.keys(toldCounts).some((kind) => kind.endsWith('AccessDenied'))).toBe(true);
      expect(theirs.filter((one) => !session(known.get(String(at(one, 'id')))))).toEqual([]);
      expect(told.map((one) => at(one, 'at'))).toEqual(
        [...told].map((one) => at(one, 'at')).sort(),
      );
      expect(at(timeline, 'provisional')).toBe(false);
      expect(told.some((one) => at(one, 'whose') === 'cordon')).toBe(true);
      expect(at(timeline, 'firstDenied.outcome')).toBe('AccessDenied');
      // What was still allowed lies before the horizon: nothing that the attack achieved is
      // missing.
      expect(String(at(timeline, 'firstDenied.at')) < to).toBe(true);
    });
  },
);

const ResourceARN = 'arn:aws:athena:us-east-1:000000000000:workgroup/cordon';
const athena = (): AthenaClient => new AthenaClient(clientConfig(up.connection));

/**
 * The second pass once more, as on the last look: whatever Athena says, the report must get
 * something.
 */
const look = async (incident: string, now: number, looks: number) => {
  const { Payload, FunctionError } = await new LambdaClient(clientConfig(up.connection)).send(
    new InvokeCommand({
      FunctionName: 'TimelineAnalysisLambda',
      Payload: JSON.stringify({
        incidentId: incident,
        pass: 2,
        resume: { now, attempt: now % 1_000, looks },
      }),
    }),
  );
  expect(FunctionError).toBeUndefined();
  return {
    answer: JSON.parse(Payload?.transformToString() ?? '') as unknown,
    stage: await secondPassOf(incident),
  };
};

describe('on a bad day', () => {
  it.each([
    ['busy', 'pending', 'TooManyRequestsException'],
    ['queued', 'pending', 'the query is QUEUED'],
    ['failed', 'failed', 'FAILED: simulated: failed'],
    ['cancelled', 'failed', 'CANCELLED: simulated: cancelled'],
  ])('Athena is %s: asked again, and at last the timeline says so', async (day, state, why) => {
    const [early = '', late = ''] = incidents;
    await athena().send(
      new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'cordon-simulate', Value: day }] }),
    );
    try {
      // Each of the two may wait for as long as a look has patience.
      const [again, { answer, stage }] = await Promise.all([
        look(early, Date.now(), 0),
        look(late, Date.now(), 99),
      ]);
      expect(at(again.answer, 'resume.looks')).toBe(1);
      expect(String(again.stage.pending)).toContain(why);

      expect(at(answer, 'resume')).toBeNull();
      expect(stage).toMatchObject({ status: 'ok', provisional: true, complete: false });
      expect(listAt(stage, 'asked')).toContainEqual(
        expect.objectContaining({ source: 'Athena', state, why: expect.stringContaining(why) }),
      );
      expect(String(stage.notYet)).toContain(why);
      expect(Number(stage.events)).toBeGreaterThan(0); // from the event history
    } finally {
      await athena().send(new UntagResourceCommand({ ResourceARN, TagKeys: ['cordon-simulate'] }));
    }
  });

  it('a query that would read more than the workgroup allows is cancelled, and the timeline says so', async () => {
    const limit = (BytesScannedCutoffPerQuery: number) =>
      athena().send(
        new UpdateWorkGroupCommand({
          WorkGroup: 'cordon',
          ConfigurationUpdates: { BytesScannedCutoffPerQuery },
        }),
      );
    await limit(1);
    const { stage } = await look(incidents[0] ?? '', Date.now(), 99);
    await limit(10_000_000_000);
    expect(String(stage.notYet)).toContain('Bytes scanned limit was exceeded');
  });

  it('when it is over, the same question is answered', async () => {
    expect((await look(incidents[0] ?? '', Date.now(), 0)).stage).toMatchObject({
      status: 'ok',
      provisional: false,
      complete: true,
    });
  });
});
