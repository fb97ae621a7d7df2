import { App, Stack } from 'aws-cdk-lib';
import { type Resources, statements } from '../../../infra/shared/grants.ts';
import type { Grant } from '../../../responders/shared/grant.ts';
import { placeholders } from '../../../responders/shared/grant.ts';
import { literal } from './literal.ts';

/**
 * What grants mean in the local account: the policy that infra derives from them, and nothing
 * beside it.
 */
export const policyOf = (grants: readonly Grant[], known: Partial<Resources>): unknown => {
  const resources = { ...unused, ...known };
  const stack = new Stack(new App({ analyticsReporting: false }), 'Policies');
  const Statement = statements(grants, resources).map((statement) =>
    literal(stack.resolve(statement.toStatementJson()), new Map()),
  );
  return { Version: '2012-10-17', Statement };
};

/** One permission each. */
export const singly = (grants: readonly Grant[]): Grant[] =>
  grants.flatMap(({ may, ...grant }) => may.map((one) => ({ ...grant, may: [one] })));

const none = (name: string) => [name, [`arn:aws:none:::${name}`]] as const;
const unused = Object.fromEntries(placeholders.map(none)) as unknown as Resources;
