import { Aws } from 'aws-cdk-lib';
import { type Condition, type Conditions, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant, Placeholder } from '../../responders/shared/grant.ts';
import { actionsOf, mutates } from './actions.ts';

/** Roles, users and functions that Cordon's own permissions must not reach, as ARN patterns. */
export interface OutOfReach {
  readonly roles: readonly string[];
  readonly users: readonly string[];
  readonly functions: readonly string[];
  /** From this time they can be reached; missing: never. */
  readonly until?: string;
}

/** What stands for a placeholder: a resource, and its parts where it has some. */
export type ArnsByPlaceholder = Readonly<Record<string, readonly string[]>>;

/** The same for the responders' placeholders, none left out. */
export type Resources = Readonly<Record<Placeholder, readonly string[]>>;

/** A grant of responders/ or of protected-app/: both say `on` and `may` alike. */
type AnyGrant = Pick<Grant, 'may' | 'when'> & { readonly on: string };

interface Allowed {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Conditions;
}

/** Services whose ARNs carry no region. */
const global = new Set(['iam', 's3']);

/** `a ${table} b` → the same text once for each ARN that the placeholder stands for. */
const fill = (text: string, resources: ArnsByPlaceholder): readonly string[] => {
  const name = /\$\{(\w+)\}/.exec(text)?.[1];
  if (name === undefined) return [text];
  const arns = resources[name];
  if (arns === undefined) throw new Error(`a grant names \${${name}}, which infra does not know`);
  return arns.map((arn) => text.replace(`\${${name}}`, () => arn));
};

/** Services that are called in each region in which functions are contained. */
const called = new Set(['lambda', 'guardduty', 'logs', 'sqs']);

/** The ARNs that a grant is about; `further` are the regions besides that of the deployment. */
export const resourcesOf = (
  on: string,
  resources: ArnsByPlaceholder,
  further: readonly string[] = [],
): readonly string[] => {
  const service = serviceOf(on);
  const name = on.slice(service.length + 1);
  if (name === '*') return ['*'];
  if (name.startsWith('${')) return fill(name, resources);
  const regions = global.has(service)
    ? ['']
    : [Aws.REGION, ...(called.has(service) ? further : [])];
  return regions.flatMap((region) =>
    fill(`arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}:${name}`, resources),
  );
};

const serviceOf = (on: string): string => on.slice(0, on.indexOf(':'));

const conditionsOf = (when: Grant['when'], resources: ArnsByPlaceholder): Conditions =>
  Object.fromEntries(
    Object.entries(when ?? {}).map(([operator, keys]): [string, Condition] => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [
          key,
          single([value].flat().flatMap((text) => fill(text, resources))),
        ]),
      ),
    ]),
  );

const single = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 ? (values[0] ?? values) : values;

const allowed = (
  { on, may, when }: AnyGrant,
  resources: ArnsByPlaceholder,
  further: readonly string[],
): Allowed => ({
  actions: may.flatMap((command) => actionsOf(serviceOf(on), command)),
  resources: resourcesOf(on, resources, further),
  conditions: conditionsOf(when, resources),
});

/** One statement for each resource and condition, with everything that may be done to it. */
export const statements = (
  grants: readonly AnyGrant[],
  resources: ArnsByPlaceholder,
  further: readonly string[] = [],
): PolicyStatement[] => {
  const merged = new Map<string, Allowed>();
  for (const grant of grants) {
    const addition = allowed(grant, resources, further);
    // The deployment does not have what the grant is about.
    if (addition.resources.length === 0) continue;
    const key = JSON.stringify([serviceOf(grant.on), addition.resources, addition.conditions]);
    const actions = [...(merged.get(key)?.actions ?? []), ...addition.actions];
    merged.set(key, { ...addition, actions });
  }
  return [...merged.values()].map(
    ({ actions, resources, conditions }) =>
      new PolicyStatement({
        actions: [...new Set(actions)].sort(),
        resources: [...resources],
        conditions,
      }),
  );
};

/** The condition that a key is used by a service, for the caller. */
export const via = (service: string) => ({
  StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` },
});

/** What a service does with a customer managed key for whoever calls it. */
const withKey = {
  dynamodb: [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  s3: ['kms:GenerateDataKey', 'kms:Decrypt'],
  secretsmanager: ['kms:Decrypt'],
} as const;

/**
 * A customer managed key is checked against the caller, also when a service uses it on the caller's
 * behalf.
 */
export const viaService = (
  service: keyof typeof withKey,
  keys: readonly string[],
): PolicyStatement =>
  new PolicyStatement({
    actions: [...withKey[service]],
    resources: [...keys],
    conditions: via(service),
  });

export const viaTable = (grants: readonly Grant[], { tableKey }: Resources): PolicyStatement[] =>
  grants.some(({ on }) => on === 'dynamodb:${table}') ? [viaService('dynamodb', tableKey)] : [];

/** A mapping's ARN does not name its function; the condition does. */
const mappings = 'lambda:event-source-mapping:*';

/**
 * Whatever a function may change in IAM and Lambda, it may not change on these: the code says so
 * too, and code has bugs.
 */
export const denials = (
  grants: readonly Grant[],
  { roles, users, functions, until }: OutOfReach,
  further: readonly string[] = [],
): PolicyStatement[] => {
  const ending = until ? { DateLessThan: { 'aws:CurrentTime': until } } : {};
  return [
    { on: 'iam:role/*', resources: roles, conditions: {} },
    { on: 'iam:user/*', resources: users, conditions: {} },
    { on: 'lambda:function:*', resources: functions, conditions: {} },
    {
      on: mappings,
      resources: functions.length > 0 ? resourcesOf(mappings, {}, further) : [],
      conditions: { ArnLike: { 'lambda:FunctionArn': functions } },
    },
  ].flatMap(({ on, resources, conditions }) => {
    const actions = grants
      .filter((grant) => grant.on === on)
      .flatMap(({ may }) => may.map((command) => `${serviceOf(on)}:${command}`));
    const changing = [...new Set(actions)].filter(mutates).sort();
    return changing.length > 0 && resources.length > 0
      ? [
          new PolicyStatement({
            effect: Effect.DENY,
            actions: changing,
            resources: [...resources],
            conditions: { ...conditions, ...ending },
          }),
        ]
      : [];
  });
};
