import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, environmentOf, repository } from '../../support/cli/running.ts';
import { lambdaFinding, stolenKey, stolenSession } from '../../support/fakes/findings.ts';
import { temp } from '../../support/temp.ts';

const [node, cordon] = command;
const run = (root: string, args: readonly string[], input = '') =>
  spawnSync(node, [cordon, 'policy', ...args], {
    encoding: 'utf8',
    input,
    env: environmentOf(root),
  });

/** A folder with a configuration, and in it the file of a finding. */
const folderWith = (event: unknown, config: unknown = {}) => {
  const root = temp('policy');
  const file = join(root, 'finding.json');
  writeFileSync(file, JSON.stringify(event));
  writeFileSync(join(root, 'cordon.config.json'), JSON.stringify(config));
  return { root, file };
};

describe('cordon policy explain', () => {
  it('says without any account which facts would be read', () => {
    const { root, file } = folderWith(lambdaFinding());
    const { status, stdout } = run(root, ['explain', file]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^The finding alone does not decide: facts about the account are needed/,
    );
    expect(stdout).toMatch(/contains from 7, asks from 4, tells from 4, by its own row/);
    expect(stdout).toMatch(/sample +nothing against it/);
    expect(stdout).toMatch(/Cordon would read\n {2}GetFunction on lambda:function:\*/);
  });

  it('decides on the finding alone where that is enough, and ends at the rule that decides', () => {
    const { root } = folderWith({});
    const { status, stdout } = run(
      root,
      ['explain', '-', '--json'],
      JSON.stringify(lambdaFinding({ severity: 2 })),
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      incidentId: null,
      finding: { type: 'Backdoor:Lambda/C&CActivity.B', severity: 2 },
      table: { contain: 7, ask: 4, tell: 4 },
      decision: { kind: 'suppress', reason: 'severity 2 is below the threshold 4' },
      reads: [],
    });
    expect(JSON.parse(stdout).rules.at(-1)).toEqual({
      rule: 'severity',
      said: 'severity 2 is below the threshold 4',
    });
  });

  const reads = 'Cordon reads the facts below, then asks the rules that are left';
  it.each([
    [
      'one that needs facts',
      lambdaFinding(),
      /^The finding alone does not decide: facts about the account are needed/,
      'function orders',
      reads,
    ],
    [
      'one of low severity',
      lambdaFinding({ severity: 1 }),
      /^SUPPRESS: severity 1 is below the threshold 4$/,
      'function orders',
      'it is recorded, and nothing is changed',
    ],
    [
      'one of a stolen session',
      stolenSession(),
      /^The finding alone does not decide: facts/,
      /session \S+ of role \S+/,
      reads,
    ],
    ['one of a key', stolenKey(), /^The finding alone/, /user \S+/, reads],
  ])(
    'says in three lines what and why, who, and what comes next: %s',
    (_what, event, wantedWhat, wantedWho, wantedNext) => {
      const { root, file } = folderWith(event);
      const [what = '', who = '', next = ''] = run(root, ['explain', file]).stdout.split('\n');
      expect(what).toMatch(wantedWhat);
      expect(who).toMatch(/^ {2}who {6}.+, in \d{12}\/[a-z]+-[a-z]+-\d$/);
      expect(who).toMatch(wantedWho);
      expect(next).toBe(`  next     ${wantedNext}`);
    },
  );

  it('says why nobody can be contained, in the line that names who', () => {
    const event = lambdaFinding();
    const { root, file } = folderWith(
      JSON.parse(JSON.stringify(event).replaceAll(':function:orders', ':function:other')),
    );
    const [, who] = run(root, ['explain', file]).stdout.split('\n');
    expect(who).toMatch(/who +nobody who can be contained: the function ARN .* does not name/);
  });

  it('uses the configuration of the folder, and names its entries that have ended', () => {
    const ended = { because: 'a load test', owner: 'anna', until: '2026-11-01' };
    const { root, file } = folderWith(lambdaFinding(), {
      suppressions: [{ type: 'Backdoor:*', ...ended, until: '2999-12-31' }],
      neverContain: [{ arn: 'arn:aws:iam::*:role/break-glass', ...ended }],
    });
    const { stdout } = run(root, ['explain', file]);
    expect(stdout).toMatch(/^SUPPRESS: suppressed: Backdoor:\* \(anna, until 3000-01-01/);
    expect(stdout).toMatch(
      /Expired entries .*\n {2}arn:aws:iam::\*:role\/break-glass \(anna, until/,
    );
  });

  it.each([
    ['no finding', '{}', {}, 1, /finding\.json is no finding: detail: wanted an object/],
    ['no JSON', 'x', {}, 1, /is no finding/],
    ['a wrong option', '{}', { observ: 'everything' }, 2, /cordon\.observ: wanted one of/],
  ])('ends with a sentence for %s', (_what, text, config, code, sentence) => {
    const { root, file } = folderWith(lambdaFinding(), config);
    if (code === 1) writeFileSync(file, text);
    const { status, stderr } = run(root, ['explain', file]);
    expect(status).toBe(code);
    expect(stderr).toMatch(sentence);
  });
});

describe('cordon policy test', () => {
  it('passes the cases that come with Cordon', () => {
    const { status, stdout } = run(temp('policy'), ['test', '--json']);
    const { passed, cases } = JSON.parse(stdout);
    expect(cases.filter((result: { passed: boolean }) => !result.passed)).toEqual([]);
    expect([status, passed, cases.length > 15]).toEqual([0, true, true]);
  });

  it('ends with 1 and shows both decisions where one differs', () => {
    const dir = temp('cases');
    const name = 'command-and-control-high.json';
    cpSync(join(repository, 'docs/policy-cases', name), join(dir, name));
    const { root } = folderWith({});
    expect(run(root, ['test', dir]).status).toBe(0);
    const text = readFileSync(join(dir, name), 'utf8');
    writeFileSync(join(dir, name), text.replace('"severity": 8,', '"severity": 6,'));
    const { status, stdout } = run(root, ['test', dir]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/✘ .*\n +wanted +contain.*\n +got +ask, by finding type: severity 6/);
  });

  it.each([
    ['{ "nam": "x" }', 1, /a\.json.*: wanted/],
    [undefined, 2, /has no cases: name a folder with \.json files/],
  ])('ends with a sentence for wrong cases: %s', (text, code, sentence) => {
    const dir = temp('cases');
    if (text !== undefined) writeFileSync(join(dir, 'a.json'), text);
    const { status, stderr } = run(temp('policy'), ['test', dir]);
    expect(status).toBe(code);
    expect(stderr).toMatch(sentence);
  });
});
