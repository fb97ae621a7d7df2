import { entries, field, text, whole } from '../engine/parse.ts';
import { CannotJudge, type Inspected } from './inspected.ts';
import { type Judge, type Lookup, readStatement } from './statements.ts';
import { known, resourcesOf } from './template.ts';

/** What a client gets instead of an answer of the API. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Verdict {
  readonly refusal: Refusal | undefined;
  /** The rule that decided; none where it was the default action. */
  readonly rule: string | undefined;
  /** Rules that matched and only count. */
  readonly counted: readonly string[];
}

export interface Unjudged {
  readonly rule: string;
  readonly because: string;
}

/**
 * A web ACL as this edge understands it. Whatever it does not understand is in `notJudged`, and
 * decides nothing.
 */
export interface Ruleset {
  readonly judged: readonly string[];
  readonly notJudged: readonly Unjudged[];
  /** How much of a body the rules see. */
  readonly bodyBytes: number;
  readonly judge: (request: Inspected, now: number) => Verdict;
}

type Action =
  | { readonly kind: 'Allow' | 'Count' }
  | { readonly kind: 'Block'; readonly refusal: Refusal };

interface Rule {
  readonly name: string;
  readonly matches: Judge;
  readonly action: Action;
}

const types: Readonly<Record<string, string>> = {
  APPLICATION_JSON: 'application/json',
  TEXT_PLAIN: 'text/plain',
  TEXT_HTML: 'text/html',
};

/** API Gateway's own words where the rule has none. */
const plain: Refusal = {
  status: 403,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Forbidden"}',
};

/** Header values that only the deployment knows are looked up; an unknown one is left out. */
const refusalOf = (
  block: unknown,
  acl: unknown,
  deployed: Readonly<Record<string, string>>,
): Refusal => {
  const custom = field(block, 'CustomResponse');
  if (custom === undefined) return plain;
  const body = field(
    field(acl, 'CustomResponseBodies'),
    String(field(custom, 'CustomResponseBodyKey')),
  );
  const own = entries(field(custom, 'ResponseHeaders')).flatMap(([, header]) => {
    const value = known(field(header, 'Value'), deployed);
    return value === undefined
      ? []
      : [[text(header, 'Name', 'ResponseHeaders').toLowerCase(), value]];
  });
  return {
    status: whole(custom, 'ResponseCode') ?? 403,
    headers: {
      'content-type': types[String(field(body, 'ContentType'))] ?? 'text/plain',
      ...Object.fromEntries(own),
    },
    body: String(field(body, 'Content') ?? ''),
  };
};

const actionOf = (
  given: unknown,
  acl: unknown,
  deployed: Readonly<Record<string, string>>,
): Action => {
  const [kind] = entries(given)[0] ?? [];
  if (kind === 'Allow' || kind === 'Count') return { kind };
  if (kind === 'Block') return { kind, refusal: refusalOf(field(given, kind), acl, deployed) };
  throw new CannotJudge(`the action ${kind ?? 'of a rule group'}`);
};

/**
 * KB_16 and the like; 16 kB is what AWS WAF sees of a body for API Gateway where nothing is said.
 */
const bodyBytesOf = (acl: unknown): number => {
  const api = field(field(field(acl, 'AssociationConfig'), 'RequestBody'), 'API_GATEWAY');
  const [, kilobytes = '16'] =
    /^KB_(\d+)$/.exec(String(field(api, 'DefaultSizeInspectionLimit'))) ?? [];
  return Number(kilobytes) * 1024;
};

const decide = (
  rules: readonly Rule[],
  fallback: Action,
  request: Inspected,
  now: number,
): Verdict => {
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
 * Reads the regional web ACL of a template as `cdk synth` writes it. `deployed`: values that the
 * template only refers to, by what it says (`LogicalId` or `LogicalId.Attribute`).
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
  const lookup: Lookup = (reference) => {
    const [id] = entries(field(reference, 'Fn::GetAtt')).map(([, part]) => part);
    return resources.find((resource) => resource.id === id)?.properties;
  };
  const notJudged: Unjudged[] = [];
  const rules = entries(field(acl.properties, 'Rules'))
    .map(([, rule]) => ({ rule, priority: whole(rule, 'Priority') ?? 0 }))
    .sort((one, other) => one.priority - other.priority)
    .flatMap(({ rule }): Rule[] => {
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
