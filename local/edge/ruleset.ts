import { entries, field, text, whole } from '../engine/parse.ts';
import { CannotJudge, type Inspected } from './inspected.ts';
import { type Judge, type ResourceLookup, readStatement } from './statements.ts';
import { resolvedText, resourcesOf } from './template.ts';

/** The response to a request that a rule blocks. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The decision of the web ACL about one request. */
export interface WafVerdict {
  readonly refusal: Refusal | undefined;
  /** The rule that decided; `undefined` for the default action. */
  readonly rule: string | undefined;
  /** Rules that matched and whose action is Count. */
  readonly counted: readonly string[];
}

export interface Unjudged {
  readonly rule: string;
  readonly because: string;
}

/**
 * A web ACL as this edge implements it. Rules that it does not implement are listed in `notJudged`
 * and never match.
 */
export interface Ruleset {
  readonly judged: readonly string[];
  readonly notJudged: readonly Unjudged[];
  /** How many bytes of a body the rules inspect. */
  readonly bodyBytes: number;
  readonly judge: (request: Inspected, now: number) => WafVerdict;
}

type RuleAction =
  | { readonly kind: 'Allow' | 'Count' }
  | { readonly kind: 'Block'; readonly refusal: Refusal };

interface WebAclRule {
  readonly name: string;
  readonly matches: Judge;
  readonly action: RuleAction;
}

const contentTypes: Readonly<Record<string, string>> = {
  APPLICATION_JSON: 'application/json',
  TEXT_PLAIN: 'text/plain',
  TEXT_HTML: 'text/html',
};

/** The response of API Gateway to a blocked request without a custom response. */
const defaultRefusal: Refusal = {
  status: 403,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Forbidden"}',
};

/**
 * The custom response of a block action. Header values that are references are looked up in
 * `deployed`; a header whose value is unknown is left out.
 */
const refusalOf = (
  block: unknown,
  acl: unknown,
  deployed: Readonly<Record<string, string>>,
): Refusal => {
  const custom = field(block, 'CustomResponse');
  if (custom === undefined) return defaultRefusal;
  const body = field(
    field(acl, 'CustomResponseBodies'),
    String(field(custom, 'CustomResponseBodyKey')),
  );
  const customHeaders = entries(field(custom, 'ResponseHeaders')).flatMap(([, header]) => {
    const value = resolvedText(field(header, 'Value'), deployed);
    return value === undefined
      ? []
      : [[text(header, 'Name', 'ResponseHeaders').toLowerCase(), value]];
  });
  return {
    status: whole(custom, 'ResponseCode') ?? 403,
    headers: {
      'content-type': contentTypes[String(field(body, 'ContentType'))] ?? 'text/plain',
      ...Object.fromEntries(customHeaders),
    },
    body: String(field(body, 'Content') ?? ''),
  };
};

const actionOf = (
  given: unknown,
  acl: unknown,
  deployed: Readonly<Record<string, string>>,
): RuleAction => {
  const [kind] = entries(given)[0] ?? [];
  if (kind === 'Allow' || kind === 'Count') return { kind };
  if (kind === 'Block') return { kind, refusal: refusalOf(field(given, kind), acl, deployed) };
  throw new CannotJudge(`the action ${kind ?? 'of a rule group'}`);
};

/** Reads `KB_16` or another limit. By default AWS WAF inspects 16 kB of a body for API Gateway. */
const bodyBytesOf = (acl: unknown): number => {
  const api = field(field(field(acl, 'AssociationConfig'), 'RequestBody'), 'API_GATEWAY');
  const [, kilobytes = '16'] =
    /^KB_(\d+)$/.exec(String(field(api, 'DefaultSizeInspectionLimit'))) ?? [];
  return Number(kilobytes) * 1024;
};

const decide = (
  rules: readonly WebAclRule[],
  fallback: RuleAction,
  request: Inspected,
  now: number,
): WafVerdict => {
  const counted: string[] = [];
  for (const { name, matches, action } of rules) {
    if (!matches(request, now)) continue;
    if (action.kind !== 'Count')
      return { refusal: action.kind === 'Block' ? action.refusal : undefined, rule: name, counted };
    counted.push(name);
  }
  return {
    refusal: fallback.kind === 'Block' ? fallback.refusal : undefined,
    rule: undefined,
    counted,
  };
};

/**
 * Reads the regional web ACL of a template as `cdk synth` writes it. `deployed` holds the values of
 * references in the template, by `LogicalId` or `LogicalId.Attribute`.
 */
export const readRuleset = (
  template: unknown,
  deployed: Readonly<Record<string, string>> = {},
): Ruleset => {
  const resources = resourcesOf(template);
  const acls = resources.filter(
    ({ type, properties }) =>
      type === 'AWS::WAFv2::WebACL' && field(properties, 'Scope') === 'REGIONAL',
  );
  const [acl] = acls;
  if (!acl || acls.length > 1)
    throw new Error(`wanted one regional web ACL in the template, found ${acls.length}`);
  const lookup: ResourceLookup = (reference) => {
    const [id] = entries(field(reference, 'Fn::GetAtt')).map(([, part]) => part);
    return resources.find((resource) => resource.id === id)?.properties;
  };
  const notJudged: Unjudged[] = [];
  const rules = entries(field(acl.properties, 'Rules'))
    .map(([, rule]) => ({ rule, priority: whole(rule, 'Priority') ?? 0 }))
    .sort((left, right) => left.priority - right.priority)
    .flatMap(({ rule }): WebAclRule[] => {
      const name = text(rule, 'Name', 'Rules');
      try {
        const matches = readStatement(field(rule, 'Statement'), lookup);
        return [
          { name, matches, action: actionOf(field(rule, 'Action'), acl.properties, deployed) },
        ];
      } catch (error) {
        if (!(error instanceof CannotJudge)) throw error;
        notJudged.push({ rule: name, because: error.message });
        return [];
      }
    });
  const fallback = actionOf(field(acl.properties, 'DefaultAction'), acl.properties, deployed);
  return {
    judged: rules.map(({ name }) => name),
    notJudged,
    bodyBytes: bodyBytesOf(acl.properties),
    judge: (request, now) => decide(rules, fallback, request, now),
  };
};
