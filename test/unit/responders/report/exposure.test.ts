import { describe, expect, it } from 'vitest';
import type { Gap } from '../../../../responders/incident/evidence.ts';
import { gather } from '../../../../responders/report/gather.ts';
import type { ReportInput } from '../../../../responders/report/input.ts';
import { forms } from '../../../../responders/report/make.ts';
import { aCase, place } from '../../../support/responders/report/samples.ts';
import { entryOf, evidenceStageOf } from '../../../support/responders/stages.ts';

const folder = 'incidents/2026/11/21/inc-20261121-7f3k2m9q/';
const allowing = (Action: string | readonly string[], Resource = '*') => ({
  answer: { document: { Statement: [{ Effect: 'Allow', Action, Resource }] } },
});

interface Collected {
  readonly files: Readonly<Record<string, unknown>>;
  readonly sizes?: Readonly<Record<string, number>>;
  readonly gaps?: readonly Gap[];
}

/**
 * The blast radius of a report over these files of the evidence; `undefined` is one that cannot be
 * read back.
 */
const blastOf = async ({ files, sizes = {}, gaps = [] }: Collected) => {
  const incident = await aCase();
  const entries = Object.keys(files).map((path) =>
    entryOf(`${folder}${path}`, { bytes: sizes[path] ?? 10 }),
  );
  const stage = evidenceStageOf({ entries, gaps });
  const read = async (key: string): Promise<unknown> => {
    const value = files[key.slice(folder.length)];
    if (value === undefined) throw new Error('SlowDown');
    return value;
  };
  const head = { ...incident.head, id: 'inc-20261121-7f3k2m9q' };
  const gathered = await gather({ ...incident, head, stages: [stage] }, 1, { read });
  const input: ReportInput = {
    incident: { ...incident, head, stages: [stage] },
    version: 1,
    place,
    now: 0,
    ...gathered,
  };
  return forms(input).view.blast;
};
const couldOf = async (actions: string | readonly string[]) =>
  (await blastOf({ files: { 'role/inline/1.json': allowing(actions) } })).exposure.map(
    ({ kind }) => kind,
  );

describe('what a role could reach', () => {
  it.each([
    ['iam:PassRole', 'Roles it may assume or hand on'],
    ['iam:P*', 'Roles it may assume or hand on'],
    ['iam:Pass?ole', 'Roles it may assume or hand on'],
    [`sts:a${'*?'.repeat(20)}y`, 'Roles it may assume or hand on'],
    ['sts:A*', 'Roles it may assume or hand on'],
    ['sts:AssumeRoleWithWebIdentity', 'Roles it may assume or hand on'],
    ['SecretsManager:Get*', 'Secrets'],
    ['*', 'Everything'],
  ])('%s is %s', async (action, kind) => {
    expect(await couldOf(action)).toEqual([kind]);
  });

  it.each([
    '__proto__:x',
    'constructor:y',
    `iam:p${'*?'.repeat(2_000)}x`,
    'iam:PassRoles',
    'iam:Pass',
    'iam:GetRole',
    'iam:List*',
    'sts:Get*',
    'sts:GetCallerIdentity',
    'ec2:DescribeInstances',
  ])('%s reaches nothing', async (action) => {
    expect(await couldOf(action)).toEqual([]);
  });

  it('is not known where no policy is in the evidence, whatever else is', async () => {
    const { sentences } = await blastOf({
      files: { 'role/functions.json': { answer: { items: [] } } },
    });
    expect(sentences).toContain(
      'The role’s policies are not in the evidence: what could be reached is unknown.',
    );
  });

  it('names each file that a report needs and could not read, and each policy that was not collected', async () => {
    const { sentences } = await blastOf({
      files: {
        'role/inline/1.json': allowing('s3:*'),
        'role/inline/2.json': undefined,
        'role/attached/1.json': allowing('s3:*'),
        'function/environment-names.json': undefined,
      },
      sizes: { 'role/attached/1.json': 2_000_000 },
      gaps: [
        {
          collector: 'collect.role',
          what: 'policy arn:aws:iam::aws:policy/Lost',
          why: 'AccessDenied: no',
        },
        { collector: 'collect.layers', what: 'layer 3', why: 'AccessDenied: no' },
      ],
    });
    const [unknown] = sentences.filter((one) => one.startsWith('Not readable, so unknown: '));
    for (const path of [
      'role/inline/2.json',
      'role/attached/1.json',
      'function/environment-names.json',
      'policy arn:aws:iam::aws:policy/Lost',
    ])
      expect(unknown).toContain(path);
    expect(unknown).not.toMatch(/layer|inline\/1/);
  });
});
