import { describe, expect, it } from 'vitest';
import { adviceOf } from '../../../../responders/decide/finding-advice.ts';
import table from '../../../../responders/decide/finding-types.json' with { type: 'json' };
import fc from '../../../support/property.ts';

const guide = 'https://docs.aws.amazon.com/guardduty/latest/ug';
const types = table.families.flatMap((family) => family.types);

it.each([
  ['Backdoor:Lambda/C&CActivity.B', 'remediate-lambda-protection-finding-types'],
  ['UnauthorizedAccess:IAMUser/MaliciousIPCaller', 'compromised-creds'],
  ['PrivilegeEscalation:IAM/AccountManipulation', 'compromised-creds'],
  ['Exfiltration:S3/MaliciousIPCaller', 'compromised-s3'],
  ['Object:S3/MaliciousFile', 'compromised-s3object-malware-protection-gdu'],
  ['Execution:S3/MaliciousFile!RecoveryPoint', 'compromised-s3-recoverypoint'],
  ['CryptoCurrency:EC2/BitcoinTool.B', 'compromised-ec2'],
  ['Execution:EC2/MaliciousFile!AMI', 'compromised-ami'],
  ['Execution:EC2/MaliciousFile!RecoveryPoint', 'compromised-ec2-recoverypoint'],
  ['Execution:EC2/MaliciousFile!Snapshot', 'compromised-snapshot'],
  ['Execution:Runtime/ReverseShell', 'guardduty-remediate-runtime-monitoring'],
  ['Execution:ECS/MaliciousFile', 'compromised-ecs'],
  ['Execution:Container/MaliciousFile', 'remediate-compromised-standalone-container'],
  ['Policy:Kubernetes/ExposedDashboard', 'guardduty-remediate-kubernetes'],
  ['Discovery:RDS/MaliciousIPCaller', 'guardduty-remediate-compromised-database-rds'],
  ['AttackSequence:IAM/CompromisedCredentials', 'guardduty_remediate'],
  ['Impact:SES/Anything', 'guardduty_remediate'],
  ['a type without a resource', 'guardduty_remediate'],
  ['Odd:constructor/Type', 'guardduty_remediate'],
])('AWS says about %s on the page %s what to do', (type, page) => {
  expect(adviceOf(type).page).toBe(`${guide}/${page}.html`);
});

describe('the advice on a type', () => {
  it('is that of the type, where it has its own, and that of its family otherwise', () => {
    expect(adviceOf('Execution:EC2/MaliciousFile!AMI').advice).toContain('deregister the image');
    expect(adviceOf('Execution:EC2/SomethingNew').advice).toContain('from a clean image');
    expect(adviceOf('Execution:EC2/MaliciousFile!AMI').open).toBe(
      adviceOf('Execution:EC2/SomethingNew').open,
    );
    expect(adviceOf('nothing that anybody knows').advice).toMatch(/\S\.$/);
  });

  it('leads to a page of the guide, whatever the type says', () => {
    const isPage = /^https:\/\/docs\.aws\.amazon\.com\/guardduty\/latest\/ug\/[\w-]+\.html$/;
    for (const type of types) expect(adviceOf(type).page).toMatch(isPage);
    fc.assert(
      fc.property(fc.string(), (type) => {
        expect(adviceOf(type).page).toMatch(isPage);
      }),
    );
  });
});
