import { expect, it } from 'vitest';
import { consoleFunctions } from '../../../../console/functions.ts';
import { functions } from '../../../../responders/functions.ts';
import {
  at,
  listAt,
  ofType,
  one,
  permissionsOf,
  type Resource,
  synthesise,
} from '../../../support/infra/synthesised.ts';

/** With the webhook, whose function the default configuration leaves out. */
const { CordonResponse, CordonConsole } = synthesise({ channels: { webhook: true } }).stacks;
const own = [
  ...functions.map(({ name }) => [name, CordonResponse] as const),
  ...consoleFunctions.map(({ name }) => [name, CordonConsole] as const),
];

const roleIdOf = (name: string, stack: readonly Resource[]): string => {
  const made = ofType(stack, 'AWS::Lambda::Function').find(
    ({ properties }) => at(properties, 'FunctionName') === name,
  );
  return /^<(\w+)\.Arn>$/.exec(String(at(made?.properties, 'Role')))?.[1] ?? '';
};

it.each(own)('whoever may pass the role of %s to another function gets nothing', (name, stack) => {
  const denials = permissionsOf(stack, roleIdOf(name, stack)).filter((line) =>
    line.startsWith('Deny * * '),
  );
  const [, self] = /"lambda:SourceFunctionArn":"([^"]+)"/.exec(denials[0] ?? '') ?? [];
  expect(denials).toEqual([
    `Deny * * {"ArnNotEquals":{"lambda:SourceFunctionArn":"${self}"},` +
      '"Null":{"lambda:SourceFunctionArn":"false"}}',
  ]);
  expect(self).toMatch(new RegExp(`:function:${name}$`));
});

it.each(own)('only Lambda may assume the role of %s', (name, stack) => {
  const role = one(stack, 'AWS::IAM::Role', new RegExp(`^${roleIdOf(name, stack)}$`));

  const statements = listAt(role.properties, 'AssumeRolePolicyDocument', 'Statement');
  expect(statements.map((statement) => at(statement, 'Principal'))).toEqual([
    { Service: 'lambda.amazonaws.com' },
  ]);
});
