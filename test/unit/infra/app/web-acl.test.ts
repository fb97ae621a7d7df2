import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { bodyLimit } from '../../../../infra/app/web-acl-rules.ts';
import { productInput } from '../../../../protected-app/schemas/product.ts';
import { protectedApp as app } from '../../../support/infra/shared.ts';
import { at, type Json, listAt, one } from '../../../support/infra/synthesised.ts';

const acl = one(app, 'AWS::WAFv2::WebACL').properties;
const rules = listAt(acl, 'Rules');

it('asks our own rules first, and counts before it refuses', () => {
  expect(rules.map((rule) => at(rule, 'Name'))).toEqual([
    'RequestRate',
    'BodySize',
    'SqlInjection',
    'CrossSiteScripting',
    'AWSManagedRulesAmazonIpReputationList',
    'AWSManagedRulesKnownBadInputsRuleSet',
    'AWSManagedRulesCommonRuleSet',
    'AWSManagedRulesSQLiRuleSet',
  ]);
  expect(rules.map((rule) => at(rule, 'Priority'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(rules.slice(0, 4).map((rule) => Object.keys(Object(at(rule, 'Action'))))).toEqual([
    ['Block'],
    ['Block'],
    ['Block'],
    ['Block'],
  ]);
});

it('counts the common limit of 8 kB on bodies instead of blocking by it, and nothing else', () => {
  expect(
    rules.flatMap((rule) =>
      listAt(rule, 'Statement', 'ManagedRuleGroupStatement', 'RuleActionOverrides'),
    ),
  ).toEqual([{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }]);
});

it('has room for the largest product that the schema takes, however it is written', () => {
  const escaped = '\\u00e9';
  const largest = {
    sku: 'A'.repeat(32),
    name: 'é'.repeat(120),
    description: 'é'.repeat(4_000),
    category: 'é'.repeat(60),
    price: { amount: 100_000_000, currency: 'EUR' },
    stock: 1_000_000,
    components: Array.from({ length: 20 }, () => randomUUID()),
  };
  expect(productInput.safeParse(largest).success).toBe(true);
  expect(JSON.stringify(largest).replaceAll('é', escaped).length).toBeLessThan(bodyLimit.bytes);
});

/** What AWS says that a statement costs, in web ACL capacity units. */
const costOf = (statement: Json | undefined): number => {
  const nested = listAt(statement, 'OrStatement', 'Statements').map(costOf);
  if (nested.length > 0) return nested.reduce((sum, cost) => sum + cost);
  const parts: [string, Json][] = Object.entries(Object(statement));
  const [kind, given] = parts[0] ?? ['', null];
  const base: Record<string, number> = {
    RateBasedStatement: 2,
    SizeConstraintStatement: 1,
    SqliMatchStatement: 20,
    XssMatchStatement: 40,
  };
  const groups: Record<string, number> = {
    AWSManagedRulesAmazonIpReputationList: 25,
    AWSManagedRulesKnownBadInputsRuleSet: 200,
    AWSManagedRulesCommonRuleSet: 700,
    AWSManagedRulesSQLiRuleSet: 200,
  };
  if (kind === 'ManagedRuleGroupStatement') return groups[String(at(given, 'Name'))] ?? Number.NaN;
  const json = at(given, 'FieldToMatch', 'JsonBody') === undefined ? 1 : 2;
  const all = at(given, 'FieldToMatch', 'AllQueryArguments') === undefined ? 0 : 10;
  const steps = listAt(given, 'TextTransformations').filter(
    (step) => at(step, 'Type') !== 'NONE',
  ).length;
  return (base[kind] ?? Number.NaN) * json + all + 10 * steps;
};

it('costs no more than what the price of a web ACL includes', () => {
  const capacity = rules
    .map((rule) => costOf(at(rule, 'Statement')))
    .reduce((sum, cost) => sum + cost);
  expect(capacity).toBe(1488);
  expect(capacity).toBeLessThanOrEqual(1500);
});

it('refuses in the form of all errors of the API, readable for the front end only', () => {
  const bodies = Object.entries(Object(at(acl, 'CustomResponseBodies')));
  for (const [, body] of bodies) {
    expect(JSON.parse(String(at(Object(body), 'Content')))).toMatchObject({
      type: 'about:blank',
      title: expect.any(String),
      requestId: expect.any(String),
    });
  }
  const sent = (name: string) =>
    rules
      .flatMap((rule) => listAt(rule, 'Action', 'Block', 'CustomResponse', 'ResponseHeaders'))
      .filter((header) => at(header, 'Name') === name)
      .map((header) => at(header, 'Value'));
  expect(sent('Access-Control-Allow-Origin')).toHaveLength(4);
  expect(sent('Access-Control-Allow-Origin')).not.toContain('*');
  expect(
    sent('Access-Control-Expose-Headers').filter((names) =>
      /Retry-After.*x-amzn-RequestId/.test(String(names)),
    ),
  ).toHaveLength(4);
});

it('keeps what it refused or counted, without tokens, where AWS WAF may write', () => {
  const logging = one(app, 'AWS::WAFv2::LoggingConfiguration').properties;
  expect(
    listAt(logging, 'RedactedFields').map((field) => at(field, 'SingleHeader', 'Name')),
  ).toEqual(['authorization', 'cookie']);
  const [destination] = listAt(logging, 'LogDestinationConfigs');
  const group = one(app, 'AWS::Logs::LogGroup', /WebAcl/);
  expect(String(at(group.properties, 'LogGroupName'))).toMatch(/^aws-waf-logs-/);
  expect(at(group.properties, 'RetentionInDays')).toBeGreaterThan(0);
  expect(String(destination)).toContain(group.id);
});

it('stands before the stage of the API', () => {
  expect(String(at(one(app, 'AWS::WAFv2::WebACLAssociation').properties, 'ResourceArn'))).toMatch(
    /restapis\/.*\/stages\//,
  );
});
