import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test as property } from 'vitest';
import { optionsIn, parseConfig } from '../../../infra/config.ts';
import { OptionError } from '../../../infra/options.ts';
import { synthesise } from '../../support/infra/synthesised.ts';
import fc from '../../support/property.ts';
import { temp } from '../../support/temp.ts';

const mistakes: readonly (readonly [unknown, string])[] = [
  ['yes', 'cordon: wanted an object, got "yes"'],
  [{ minSeverity: '7' }, 'cordon.minSeverity: wanted a number from 0 to 10, got "7"'],
  [{ minSeverity: 11 }, 'cordon.minSeverity: wanted a number from 0 to 10, got 11'],
  [{ breaker: 3 }, 'cordon.breaker: wanted an object, got 3'],
  [
    { breaker: { limit: 1.5 } },
    'cordon.breaker.limit: wanted a whole number from 0 to 10000, got 1.5',
  ],
  [
    { approval: { onTimeout: 'ask' } },
    'cordon.approval.onTimeout: wanted "contain" or "leave", got "ask"',
  ],
  [{ dryRun: 'true' }, 'cordon.dryRun: wanted true or false, got "true"'],
  [
    { neverContain: 'arn:aws:iam::1:role/x' },
    'cordon.neverContain: wanted a list, got "arn:aws:iam::1:role/x"',
  ],
  [
    { neverContain: [{ arn: 'admin' }] },
    'cordon.neverContain[0].arn: wanted the ARN of a role, user or function (* allowed, but not alone), got "admin"',
  ],
  [
    { neverContain: [{ arn: 'arn:aws:iam::111122223333:role/x', because: 'why' }] },
    'cordon.neverContain[0].because: wanted a reason of at least two words, got "why"',
  ],
  [
    { neverContain: [{ arn: 'arn:aws:iam::111122223333:role/x' }] },
    'cordon.neverContain[0].because: wanted a reason of at least two words, got nothing',
  ],
  [
    { zone: 'Mars/Olympus' },
    'cordon.zone: wanted an IANA time zone such as Europe/Berlin, got "Mars/Olympus"',
  ],
  [{ notify: ['nobody'] }, 'cordon.notify[0]: wanted an e-mail address, got "nobody"'],
  [
    { evidence: { mode: 'governance' } },
    'cordon.evidence.mode: wanted "GOVERNANCE" or "COMPLIANCE", got "governance"',
  ],
  [
    { evidence: { timestampUrl: 'http://tsa.example' } },
    'cordon.evidence.timestampUrl: wanted an https address, got "http://tsa.example"',
  ],
  ...['http://cordon.example.org', 'https://cordon.example.org/', 'https://a@b.example'].map(
    (origin) =>
      [
        { console: { origin } },
        `cordon.console.origin: wanted an origin: https, a name, and no slash at the end, got "${origin}"`,
      ] as const,
  ),
  [{ trail: 'existing' }, 'cordon.trail: wanted "own", got "existing"'],
  [{ trail: { prefix: 'x' } }, 'cordon.trail.bucketName: wanted a bucket name, got nothing'],
  [
    { trail: { bucketName: 'b-1', prefix: 'x/' } },
    'cordon.trail.prefix: wanted a key prefix without a slash at the end, got "x/"',
  ],
  [
    { trail: { bucketName: 'b-1', bucket: 'b-2' } },
    'cordon.trail.bucket: wanted one of the options bucketName, prefix, organisationId, ' +
      'keyArn, accounts, got "b-2"',
  ],
  [{ trail: [] }, 'cordon.trail: wanted "own", got []'],
  [{ tags: [] }, 'cordon.tags: wanted an object of texts, got []'],
  [{ detector: null }, 'cordon.detector: wanted "own" or "existing", got null'],
  [{ regions: ['Frankfurt'] }, 'cordon.regions[0]: wanted a region name, got "Frankfurt"'],
  [
    { furtherRegions: ['Ireland'] },
    'cordon.furtherRegions[0]: wanted a region name, got "Ireland"',
  ],
  [
    { furtherRegions: ['eu-west-1', 'eu-south-1'] },
    'cordon.furtherRegions[1]: wanted one of regions, got "eu-south-1"',
  ],
  [
    { furtherRegions: ['eu-west-1', 'eu-west-1'] },
    'cordon.furtherRegions[1]: wanted each region once, got "eu-west-1"',
  ],
  [
    { logRetentionDays: 31 },
    'cordon.logRetentionDays: wanted "30" or "90" or "180" or "365" or "731" or "1827" or ' +
      '"3653", got "31"',
  ],
  [
    { releasePrincipals: ['*'] },
    'cordon.releasePrincipals[0]: wanted the ARN of a principal, got "*"',
  ],
  [
    { policySuffix: '/eu' },
    'cordon.policySuffix: wanted at most 20 letters, digits and hyphens, got "/eu"',
  ],
  [
    { audit: { readers: [{ principal: 'arn:aws:iam::111122223333:role/Audit', systems: [] }] } },
    'cordon.audit.readers[0].systems: wanted at least one of "protected-app" and "cordon", got []',
  ],
  [{ tags: { owner: 7 } }, 'cordon.tags.owner: wanted a text, got 7'],
];

describe('a mistake in the configuration says where it is, what was wanted and what was found', () => {
  it.each(mistakes)('%j', (given, message) => {
    expect(() => parseConfig(given)).toThrow(new OptionError('', '', '').constructor);
    expect(() => parseConfig(given)).toThrow(expect.objectContaining({ message }));
  });

  it('also when the name of an option is misspelt', () => {
    expect(() => parseConfig({ brekaer: {} })).toThrow(
      /^cordon\.brekaer: wanted one of the options minSeverity, findingTypes, breaker, .*, got \{\}$/,
    );
    expect(() => parseConfig({ breaker: { limits: 3 } })).toThrow(
      /^cordon\.breaker\.limits: wanted one of the options limit, limitOfType, minutes, got 3$/,
    );
  });
});

describe('the file', () => {
  const file = join(temp('config'), 'cordon.config.json');

  it('need not be there, and is named when it is no JSON', () => {
    expect(optionsIn(file)).toBeUndefined();
    writeFileSync(file, '{ "dryRun": true, }');
    expect(() => optionsIn(file)).toThrow(
      /^cordon\.config\.json: wanted JSON \(.*position.*\), got "\{ /,
    );
    writeFileSync(file, '{ "dryRun": true }');
    expect(parseConfig(optionsIn(file)).dryRun).toBe(true);
  });

  it.each(['aws.md', 'timeline.md'])('as docs/%s shows it can be used', (page) => {
    const shown = [
      ...readFileSync(join(import.meta.dirname, '../../../docs', page), 'utf8').matchAll(
        /```json\n([\s\S]*?)```/g,
      ),
    ];
    expect(shown.length).toBe(1);
    for (const [, json = ''] of shown) expect(() => parseConfig(JSON.parse(json))).not.toThrow();
  });
});

describe('the defaults', () => {
  it('need no configuration at all', () => {
    expect(parseConfig(undefined)).toEqual(parseConfig({}));
  });

  it('leave alone what nobody has answered for, and keep the ways into the account', () => {
    const { approval, neverContain, minSeverity, breaker } = parseConfig({});

    expect([approval.onTimeout, minSeverity, breaker]).toEqual([
      'leave',
      4,
      { limit: 10, limitOfType: 5, minutes: 60 },
    ]);
    expect(neverContain.map(({ arn }) => arn?.replace(/.*?:role\//, ''))).toEqual([
      'OrganizationAccountAccessRole',
      'AWSControlTower*',
      'cdk-*',
    ]);
  });

  it('stay where only a part of a section is given', () => {
    expect(parseConfig({ breaker: { limit: 3 } }).breaker).toEqual({
      limit: 3,
      limitOfType: 5,
      minutes: 60,
    });
  });
});

it('a never-contain list that no Lambda variable could hold is refused at synth', () => {
  const neverContain = Array.from({ length: 60 }, (_, n) => ({
    arn: `arn:aws:iam::111122223333:role/team-${n}`,
    because: 'somebody asked for it',
  }));

  expect(() => synthesise({ neverContain })).toThrow(
    /^cordon\.findingTypes, neverContain, suppressions, observe and criticalTier: wanted lists that fit into a Lambda variable/,
  );
});

property(
  'whatever is given becomes a whole configuration or an OptionError, never anything else',
  () => {
    const values = fc.oneof(fc.jsonValue(), fc.constant({ toString: false }));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(parseConfig({})), 'other'), values, {
          maxKeys: 3,
        }),
        (given) => {
          try {
            expect(Object.keys(parseConfig(given)).sort()).toEqual(
              Object.keys(parseConfig({})).sort(),
            );
          } catch (error) {
            expect(error).toBeInstanceOf(OptionError);
          }
        },
      ),
    );
  },
);
