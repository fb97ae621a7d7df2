import { describe, expect, it } from 'vitest';
import { response } from '../../../support/infra/shared.ts';
import { at, listAt, one, synthesise } from '../../../support/infra/synthesised.ts';

const key = (name: string) => one(response, 'AWS::KMS::Key', new RegExp(`^ProofKeys${name}`));
const iam = 'arn:<AWS::Partition>:iam::<AWS::AccountId>';

/** What a key's policy allows: each action with the principals that its condition names. */
const allowed = (name: string): string[] =>
  listAt(key(name).properties, 'KeyPolicy', 'Statement').flatMap((statement) =>
    listAt(statement, 'Action').map((action) => {
      const arns = listAt(statement, 'Condition', 'ArnLike', 'aws:PrincipalArn');
      return [action, ...arns].join(' ');
    }),
  );

const roles = [
  [
    'Drill',
    ['CordonDrillRole', 'CordonHeartbeatLambdaRole'],
    ['CordonContainmentLambdaRole', 'CordonReleaseLambdaRole'],
  ],
  ['Answer', ['CordonApproveRole', 'CordonConsoleApproveRole'], ['CordonContainmentLambdaRole']],
  ['Release', ['CordonReleaseRole', 'CordonConsoleReleaseRole'], ['CordonReleaseLambdaRole']],
] as const;

describe.each(roles)('%s', (name, makers, checkers) => {
  it('is an HMAC key', () => {
    expect(at(key(name).properties, 'KeySpec')).toBe('HMAC_256');
    expect(at(key(name).properties, 'KeyUsage')).toBe('GENERATE_VERIFY_MAC');
  });

  it('has these makers and checkers, and no others', () => {
    const arns = (names: readonly string[]) =>
      names.map((role) => `${iam}:role/cordon/${role}`).join(' ');
    expect(allowed(name).filter((line) => line.includes('Mac'))).toEqual([
      `kms:GenerateMac ${arns(makers)}`,
      `kms:VerifyMac ${arns(checkers)}`,
    ]);
  });

  it('can be changed by who deploys and by the root user only', () => {
    const deployers = `${iam}:role/cdk-*-cfn-exec-role-<AWS::AccountId>-<AWS::Region> ${iam}:root`;
    const others = allowed(name).filter(
      (line) => !(line.endsWith(deployers) || line.includes('Mac')),
    );
    expect(others).toEqual(['kms:Describe*', 'kms:Get*', 'kms:List*']);
  });

  it('gives nobody a grant', () => {
    expect(allowed(name).filter((line) => /Grant|kms:\*/.test(line))).toEqual([]);
  });
});

it('without a console no role of one makes a proof, and none is there', () => {
  const { CordonResponse, CordonConsole } = synthesise({ console: { deploy: false } }).stacks;
  const named = CordonResponse.filter(({ type }) => /Role|Key|ResourcePolicy/.test(type));
  expect(JSON.stringify(named)).not.toMatch(/role\/cordon\/CordonConsole/);
  expect(named.filter(({ id }) => id.startsWith('PeopleConsole'))).toEqual([]);
  expect(CordonConsole).toEqual([]);
});
