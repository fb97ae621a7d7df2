import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a rule does not apply here: of AWS Solutions, where the id names no other pack. A test
 * refuses reasons that are too short to be one.
 */
export const acknowledge = (
  construct: IConstruct,
  reasons: Readonly<Record<string, string>>,
): void => {
  for (const [id, reason] of Object.entries(reasons))
    Validations.of(construct).acknowledge({
      id: id.startsWith('Serverless-') ? id : `AwsSolutions-${id}`,
      reason,
    });
};

/** The same for permissions on ARNs with a wildcard, as pairs of ARN and reason. */
export const acknowledgeWildcards = (
  construct: IConstruct,
  reasons: readonly (readonly [arn: string, reason: string])[],
): void =>
  acknowledge(
    construct,
    Object.fromEntries(
      reasons.map(([arn, reason]) => [`IAM5[Resource::${inTemplate(construct, arn)}]`, reason]),
    ),
  );

/**
 * An ARN as cdk-nag prints it: `<AWS::Partition>` for a reference, `<Bucket.Arn>` for an attribute.
 */
const inTemplate = (construct: IConstruct, arn: string): string =>
  print(Stack.of(construct).resolve(arn));

const print = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(print).join('.');
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return `<${print(value.Ref)}>`;
  if ('Fn::GetAtt' in value) return `<${print(value['Fn::GetAtt'])}>`;
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join']))
    return [value['Fn::Join'][1]].flat().map(print).join('');
  if ('Fn::ImportValue' in value) return print(value['Fn::ImportValue']);
  throw new Error(`cannot print ${JSON.stringify(value)} the way cdk-nag does`);
};
