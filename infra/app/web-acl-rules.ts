import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';

type WafRule = CfnWebACL.RuleProperty;
type WafStatement = CfnWebACL.StatementProperty;
type WafField = CfnWebACL.FieldToMatchProperty;
type Transformations = CfnWebACL.TextTransformationProperty[];

/**
 * The largest body that the schemas of the API take is 26 kB, with every character escaped. AWS WAF
 * sees as much as this, and no more.
 */
export const bodyLimit = { bytes: 32 * 1024, inspected: 'KB_32' } as const;

/** What one address may ask in a minute. A page of the front end asks for ten things at most. */
export const ratePerMinute = 1000;

/** Why a request was refused: the key of the answer that it gets. */
export type BlockReason = 'hostile' | 'too-large' | 'too-often';

const visible = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

const transformed = (...types: readonly string[]): Transformations =>
  types.map((type, priority) => ({ type, priority }));

/**
 * The JSON is parsed, and each text in it is looked at; what is no JSON is looked at as it is. The
 * size rule has refused whatever is longer.
 */
const body: WafField = {
  jsonBody: {
    matchPattern: { all: {} },
    matchScope: 'ALL',
    invalidFallbackBehavior: 'EVALUATE_AS_STRING',
    oversizeHandling: 'CONTINUE',
  },
};

/**
 * URLs are decoded twice, because a proxy on the way may decode once more than the application.
 * Bodies are not URL-encoded.
 */
const inspectedParts = (
  inBody: Transformations,
  inQuery: Transformations,
): readonly (readonly [WafField, Transformations])[] => [
  [body, inBody],
  [{ allQueryArguments: {} }, inQuery],
  [{ uriPath: {} }, transformed('URL_DECODE', 'URL_DECODE_UNI')],
];

/**
 * Low is what AWS advises where other things than SQL are written about: product descriptions,
 * questions.
 */
const sqlInjection: WafStatement = {
  orStatement: {
    statements: inspectedParts(
      transformed('NONE'),
      transformed('URL_DECODE', 'URL_DECODE_UNI'),
    ).map(([fieldToMatch, textTransformations]) => ({
      sqliMatchStatement: { fieldToMatch, textTransformations, sensitivityLevel: 'LOW' },
    })),
  },
};

/** Entities are decoded too: a page may show what was written. */
const crossSiteScripting: WafStatement = {
  orStatement: {
    statements: inspectedParts(
      transformed('HTML_ENTITY_DECODE'),
      transformed('URL_DECODE', 'URL_DECODE_UNI', 'HTML_ENTITY_DECODE'),
    ).map(([fieldToMatch, textTransformations]) => ({
      xssMatchStatement: { fieldToMatch, textTransformations },
    })),
  },
};

/** What AWS WAF does not see, because it is longer, counts as too large. */
const tooLarge: WafStatement = {
  sizeConstraintStatement: {
    fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
    comparisonOperator: 'GT',
    size: bodyLimit.bytes,
    textTransformations: transformed('NONE'),
  },
};

const tooOften: WafStatement = {
  rateBasedStatement: { limit: ratePerMinute, evaluationWindowSec: 60, aggregateKeyType: 'IP' },
};

interface ManagedGroup {
  readonly name: string;
  /** Rules of the group that count and do not block. */
  readonly counted?: readonly string[];
}

const managed: readonly ManagedGroup[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList' },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet' },
  // Its limit of 8 kB is below what a product may be; our own rule decides.
  { name: 'AWSManagedRulesCommonRuleSet', counted: ['SizeRestrictions_BODY'] },
  { name: 'AWSManagedRulesSQLiRuleSet' },
];

const managedRule = ({ name, counted = [] }: ManagedGroup): Omit<WafRule, 'priority'> => ({
  name,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ...(counted.length > 0 && {
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      }),
    },
  },
  visibilityConfig: visible(name),
});

/** In the order in which they are asked: what costs least and counts everything comes first. */
export const rules = (
  blocked: (reason: BlockReason) => CfnWebACL.BlockActionProperty,
): WafRule[] => {
  const own = (
    name: string,
    statement: WafStatement,
    reason: BlockReason,
  ): Omit<WafRule, 'priority'> => ({
    name,
    statement,
    action: { block: blocked(reason) },
    visibilityConfig: visible(name),
  });
  return [
    own('RequestRate', tooOften, 'too-often'),
    own('BodySize', tooLarge, 'too-large'),
    own('SqlInjection', sqlInjection, 'hostile'),
    own('CrossSiteScripting', crossSiteScripting, 'hostile'),
    ...managed.map(managedRule),
  ].map((rule, priority) => ({ ...rule, priority }));
};
