import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import type { Case } from '../../../../responders/incident/case.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { saveStage } from '../../../../responders/incident/records.ts';
import type { Stage } from '../../../../responders/incident/stage.ts';
import type { Table } from '../../../../responders/incident/table.ts';
import { letter } from '../../../../responders/report/mail.ts';
import { forms } from '../../../../responders/report/make.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { place } from '../../../support/responders/report/samples.ts';
import {
  entryOf,
  evidenceStageOf,
  failedStageOf,
  reportStageOf,
  sealingStageOf,
  timelineStageOf,
} from '../../../support/responders/stages.ts';

const folderOf = (id: string) => `incidents/2026/11/21/${id}/`;

/** Contained again: the second round has collected, the first one has run to its end. */
const stagesOf = (folder: string): readonly Stage[] => [
  evidenceStageOf({
    round: 2,
    entries: [entryOf(`${folder}round-2/role/inline/1.json`)],
    gaps: [{ what: 'role/role.json', why: 'denied' }],
  }),
  timelineStageOf(2, {
    json: `${folder}timeline/pass-2.json`,
    entries: [entryOf(`${folder}timeline/pass-2.json`)],
  }),
  reportStageOf(2, {
    html: `${folder}report/v2.html`,
    entries: [entryOf(`${folder}report/v2.html`)],
    rotate: ['the old secret'],
  }),
  sealingStageOf({
    manifest: { key: `${folder}manifest.json`, sha256: 'cd', bytes: 1 },
    entries: [entryOf(`${folder}index.html`)],
    gaps: [{ what: 'layer 3', why: 'gone' }],
  }),
  failedStageOf('watch', 'States.Timeout'),
];

const saveNow = (table: Table, id: string, stage: Stage) => saveStage(table, id, stage);

/** As Cordon wrote it when stages had neither kind nor round. */
const saveAsBefore = (table: Table, id: string, { kind: _kind, round: _round, ...stage }: Stage) =>
  table.dynamo.send(
    new PutItemCommand({
      TableName: table.name,
      Item: marshall(
        { pk: `INC#${id}`, sk: `STAGE#${stage.name}`, ...stage },
        { removeUndefinedValues: true },
      ),
    }),
  );

const again = async (save: typeof saveNow | typeof saveAsBefore): Promise<Case> => {
  const { deps } = fakeDeps();
  const arrival = { event: lambdaFinding(), execution: 'e', drill: false };
  const { incidentId: id } = await containFinding(arrival, deps);
  await deps.table.dynamo.send(
    new PutItemCommand({
      TableName: deps.table.name,
      Item: marshall(
        { pk: `INC#${id}`, sk: 'HEAD', ...(await readCase(deps.table, id)).head, round: 2 },
        { removeUndefinedValues: true },
      ),
    }),
  );
  for (const stage of stagesOf(folderOf(id))) await save(deps.table, id, stage);
  return readCase(deps.table, id);
};

const viewOf = (incident: Case) =>
  forms({
    incident,
    version: 1,
    place,
    timeline: { ok: false, why: '' },
    documents: new Map(),
    previous: null,
    now: 0,
  }).view;

describe.each([
  ['with its round in each record', saveNow],
  ['in the records of an older Cordon', saveAsBefore],
])('an incident that is contained again, %s', (_how, save) => {
  it('has a report that tells of this round only', async () => {
    const incident = await again(save);
    const view = viewOf(incident);

    expect(view.evidence.objects.map(({ path }) => path)).toEqual(['role/inline/1.json']);
    expect(view.evidence.gaps.map(({ what }) => what)).toEqual(['role/role.json']);
    expect(view.evidence.sentence).toMatch(/^1 object, 10 bytes, 1 gap\./);
    expect(view.evidence.folder).toBe(`s3://evidence/${folderOf(incident.head.id)}round-2/`);
    expect(incident.earlierStages.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['timeline', 'report', 'sealing']),
    );
  });

  it('has a mail that tells of this round only', async () => {
    const { body } = letter(await again(save), 'report2', place);

    expect(body).toContain('The report is MISSING.');
    expect(body).not.toMatch(/old secret|layer 3/);
  });
});

it('a failure of an older Cordon that does not say its round is told: once too often, not never', async () => {
  const view = viewOf(await again(saveAsBefore));
  expect(view.open.map(({ what }) => what)).toContainEqual(
    expect.stringContaining('“watch” FAILED'),
  );
});

it('a failure of an earlier round is not told again', async () => {
  const view = viewOf(await again(saveNow));
  expect(view.open.map(({ what }) => what)).not.toContainEqual(
    expect.stringContaining('“watch” FAILED'),
  );
});
