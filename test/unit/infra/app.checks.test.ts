import { readFileSync } from 'node:fs';
import { Validations } from 'aws-cdk-lib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { at, type Json, listAt, synthesise } from '../../support/infra/synthesised.ts';
import { temp } from '../../support/temp.ts';

const reportOf = (folder: string): Json =>
  JSON.parse(readFileSync(`${folder}/validation-report.json`, 'utf8'));
const { app, outdir, texts } = synthesise({}, { isChecked: true });
const acknowledged = app.node
  .findAll()
  .flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries(data).map(([id, reason]) => [`${node.path} ${id}`, String(reason)] as const),
      ),
  );

/** Options that add or replace resources: each configuration is checked as the default one is. */
const changed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'whatever can be added': {
    furtherRegions: ['eu-central-1'],
    channels: { webhook: true },
    evidence: { legalHold: true },
    policySuffix: '-eu',
  },
  'what an account already has': {
    detector: 'existing',
    trail: {
      bucketName: 'org-trail',
      prefix: 'logs',
      organisationId: 'o-abcdefghij',
      accounts: ['111122223333'],
    },
    app: { origin: 'https://shop.example.org', gatewayLogRole: 'existing' },
  },
  'people and data of others': {
    releasePrincipals: ['arn:aws:iam::111122223333:user/lead'],
    requireMfa: ['release'],
    dataEvents: ['arn:aws:s3:::orders/', 'arn:aws:lambda:eu-west-1:'],
    app: { ai: { provider: 'bedrock', model: 'openai.gpt-oss-120b' } },
  },
  'as little as possible': { console: { deploy: false }, drillTarget: false },
};
const folders = [
  ['the default configuration', () => outdir],
  ...Object.entries(changed).map(
    ([what, given]) => [what, () => synthesise(given, { isChecked: true }).outdir] as const,
  ),
] as const;

it.each(folders)('cdk-nag and the library’s own rules find nothing: %s', (_what, folder) => {
  const reports = listAt(reportOf(folder()), 'pluginReports');
  const violations = reports.flatMap((report) =>
    listAt(report, 'violations').map((violation) => at(violation, 'ruleName')),
  );

  expect(
    reports.map((report) => at(report, 'summary', 'status') ?? at(report, 'conclusion')),
  ).not.toContain('failure');
  expect(violations).toEqual([]);
});

it('each exception is still needed, and nothing else is wrong without them', () => {
  const folder = temp('checks');
  vi.spyOn(Validations.prototype, 'acknowledge').mockReturnValue();
  // The library names the rule in its error only where this is `test`.
  vi.stubEnv('NODE_ENV', 'test');
  expect(() => synthesise({}, { outdir: folder, isChecked: true })).toThrow(/AwsSolutions-IAM5/);

  const violations = listAt(reportOf(folder), 'pluginReports').flatMap((report) =>
    listAt(report, 'violations').flatMap((violation) =>
      listAt(violation, 'violatingConstructs').map(
        (one) => `${at(one, 'constructPath')} ${at(violation, 'ruleName')}`,
      ),
    ),
  );
  const plain = (line: string): string =>
    line.replace(/(\/DefaultPolicy)?\/Resource /, ' ').replace(/ \w+::/, ' ');
  expect(acknowledged.map(([where]) => plain(where)).sort()).toEqual(
    [...new Set(violations.map(plain))].sort(),
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('each exception from a rule says why, in at least eight words', () => {
  it.each(acknowledged)('%s', (_where, reason) => {
    expect(reason.split(/\s+/).length).toBeGreaterThanOrEqual(8);
  });
});

describe('what goes to AWS', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    'ministack',
    'localstack',
    'AWS_ENDPOINT',
    'cordon up',
    '000000000000',
  ])('knows nothing of %s', (word) => {
    for (const template of texts) expect(template.toLowerCase()).not.toContain(word.toLowerCase());
  });
});

it('synth warns where nobody would be told', () => {
  const { outdir: folder } = synthesise(
    { notify: ['security-team@example.com'] },
    { isChecked: true },
  );

  expect(JSON.stringify(reportOf(folder))).toContain('no mail will be sent');
});

it('synth warns where nobody could delete evidence any more, and only there', () => {
  const warned = (evidence: object): boolean =>
    JSON.stringify(reportOf(synthesise({ evidence }, { isChecked: true }).outdir)).includes(
      'not even the account',
    );

  expect([warned({ mode: 'COMPLIANCE', days: 3650 }), warned({})]).toEqual([true, false]);
});
