// Our own web ACL as `cdk synth` writes it, and a request for it to look at.
import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { WebAcl } from '../../../../infra/app/web-acl.ts';
import { bytesOf, type Inspected } from '../../../../local/edge/inspected.ts';

export const origin = 'https://shop.example';

const synthesised = (): unknown => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Edge');
  new WebAcl(stack, 'WebAcl', { origin, logRetention: RetentionDays.ONE_MONTH }).associate(
    'arn:aws:apigateway:us-east-1::/restapis/abc/stages/live',
  );
  return JSON.parse(readFileSync(`${app.synth().directory}/${stack.templateFile}`, 'utf8'));
};

export const template = synthesised();

/** A template with one web ACL that has these rules, and what else it needs. */
export const aclWith = (
  rules: readonly object[],
  { defaultAction = { Allow: {} }, more = {} }: { defaultAction?: object; more?: object } = {},
): unknown => ({
  Resources: {
    Acl: {
      Type: 'AWS::WAFv2::WebACL',
      Properties: { Scope: 'REGIONAL', DefaultAction: defaultAction, Rules: rules },
    },
    ...more,
  },
});

/** A rule that blocks by a statement. */
export const blocking = (statement: object, name = 'Rule'): object => ({
  Name: name,
  Priority: 0,
  Action: { Block: {} },
  Statement: statement,
});

export const asked = ({ body = '', ...given }: Partial<Inspected> = {}): Inspected => ({
  address: '192.0.2.1',
  method: 'GET',
  path: '/products',
  query: '',
  headers: [],
  oversize: false,
  ...given,
  body: bytesOf(body),
});
