// What AWS demands of a template and the local engine does not ask: each rule says what is wrong.
import { type Declared, declared, entriesOf, type Rule, references } from './declared.ts';
import { at, type Json, listAt } from './synthesised.ts';
import { uploads } from './truth-uploads.ts';

const numberAt = (value: Json, name: string, otherwise: number): number =>
  Number(at(value, name) ?? otherwise);

const queueBatches: Rule = {
  says: 'batches of queues have a window where they are large, and time enough to be worked on',
  look: (template) =>
    declared(template, 'AWS::Lambda::EventSourceMapping').flatMap(({ id, properties }) => {
      const sources = references(at(properties, 'EventSourceArn'));
      const [queue] = declared(template, 'AWS::SQS::Queue').filter((known) =>
        sources.includes(known.id),
      );
      if (queue === undefined) return [];
      const size = numberAt(properties, 'BatchSize', 10);
      const window = numberAt(properties, 'MaximumBatchingWindowInSeconds', 0);
      const workers = references(at(properties, 'FunctionName'));
      const timeout = Math.max(
        ...declared(template, 'AWS::Lambda::Function')
          .filter((known) => workers.includes(known.id))
          .map((known) => numberAt(known.properties, 'Timeout', 3)),
        0,
      );
      const visible = numberAt(queue.properties, 'VisibilityTimeout', 30);
      const isFifo = at(queue.properties, 'FifoQueue') === true;
      return [
        ...(size > 10 && window < 1 ? [`${id}: a batch of ${size} needs a window`] : []),
        ...(size > 10 && isFifo ? [`${id}: a FIFO queue has batches of ten at most`] : []),
        ...(visible < 6 * timeout + window
          ? [`${id}: messages are seen again after ${visible} s, a batch may take ${timeout} s`]
          : []),
      ];
    }),
};

/** What AWS leaves to the functions without a reservation, and what an account has by default. */
const [UNRESERVED, ACCOUNT] = [100, 1_000];

const reservedOf = ({ properties }: Declared): number =>
  numberAt(properties, 'ReservedConcurrentExecutions', 0);

/** What is reserved by all stacks of an account together, where that leaves too little. */
export const overReserved = (templates: readonly Json[]): readonly string[] => {
  const sum = templates
    .flatMap((template) => declared(template, 'AWS::Lambda::Function'))
    .reduce((total, each) => total + reservedOf(each), 0);
  return sum > ACCOUNT - UNRESERVED ? [`${sum} executions are reserved`] : [];
};

const concurrency: Rule = {
  says: 'reservations leave room for others, and no queue asks for more than its function has',
  look: (template) => {
    const functions = declared(template, 'AWS::Lambda::Function');
    const asking = declared(template, 'AWS::Lambda::EventSourceMapping').flatMap(
      ({ id, properties }) => {
        const most = at(properties, 'ScalingConfig', 'MaximumConcurrency');
        const workers = references(at(properties, 'FunctionName'));
        return functions
          .filter((each) => workers.includes(each.id) && reservedOf(each) > 0)
          .filter((each) => Number(most ?? 0) > reservedOf(each))
          .map((each) => `${id}: asks for ${most}, and ${each.id} has ${reservedOf(each)}`);
      },
    );
    return [...overReserved([template]), ...asking];
  },
};

const noCircle: Rule = {
  says: 'no resource waits for itself',
  look: (template) => {
    const needs = new Map(
      entriesOf(at(template, 'Resources')).map(([id, resource]) => [
        id,
        [...references(at(resource, 'Properties')), ...listAt(resource, 'DependsOn').map(String)],
      ]),
    );
    const done = new Set<string>();
    const circleFrom = (id: string, path: readonly string[]): readonly string[] => {
      if (path.includes(id)) return [[...path.slice(path.indexOf(id)), id].join(' → ')];
      if (done.has(id)) return [];
      const circles = (needs.get(id) ?? []).flatMap((next) => circleFrom(next, [...path, id]));
      done.add(id);
      return circles;
    };
    return [...needs.keys()].flatMap((id) => circleFrom(id, []));
  },
};

interface Spread {
  /** The property with the subnets. */
  readonly key: string;
  readonly zones: (properties: Json, template: Json) => number;
}

const several = (count: number) => () => count;

/** The lists of subnets that a service spreads over several zones, and over how many. */
const spread: Readonly<Record<string, Spread>> = {
  'AWS::RDS::DBSubnetGroup': { key: 'SubnetIds', zones: several(2) },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { key: 'Subnets', zones: several(2) },
  'AWS::RedshiftServerless::Workgroup': { key: 'SubnetIds', zones: several(3) },
  'AWS::OpenSearchService::Domain': {
    key: 'VPCOptions',
    zones: (properties) => {
      const cluster = at(properties, 'ClusterConfig') ?? {};
      if (at(cluster, 'ZoneAwarenessEnabled') !== true) return 1;
      return numberAt(at(cluster, 'ZoneAwarenessConfig') ?? {}, 'AvailabilityZoneCount', 2);
    },
  },
  'AWS::ElastiCache::SubnetGroup': {
    key: 'SubnetIds',
    zones: (_properties, template) =>
      declared(template, 'AWS::ElastiCache::ReplicationGroup').some(
        ({ properties }) => at(properties, 'MultiAZEnabled') === true,
      )
        ? 2
        : 1,
  },
};

const zones: Rule = {
  says: 'a group of subnets lies in as many zones as its service asks for',
  look: (template) => {
    const zoneOf = new Map(
      declared(template, 'AWS::EC2::Subnet').map(({ id, properties }) => [
        id,
        JSON.stringify(at(properties, 'AvailabilityZone') ?? id),
      ]),
    );
    return declared(template).flatMap(({ id, type, properties }) => {
      const named = spread[type];
      if (named === undefined || at(properties, named.key) === undefined) return [];
      const subnets = references(at(properties, named.key)).filter((name) => zoneOf.has(name));
      const count = new Set(subnets.map((name) => zoneOf.get(name))).size;
      const wanted = named.zones(properties, template);
      return count < wanted ? [`${id}: ${count} of ${wanted} zones`] : [];
    });
  },
};

/** Services whose calls a function makes by itself; those of `logs` are made for it. */
const calledInVpc = (statements: readonly Json[]): ReadonlySet<string> =>
  new Set(
    statements
      .filter((statement) => at(statement, 'Effect') === 'Allow')
      .flatMap((statement) => listAt(statement, 'Action'))
      .map((action) => String(action).split(':')[0] ?? '')
      .filter((service) => !['ec2', 'logs', 'rds-db', 'elasticache'].includes(service)),
  );

const policiesOf = (template: Json, role: string): readonly Json[] => [
  ...declared(template, 'AWS::IAM::Role')
    .filter(({ id }) => id === role)
    .flatMap(({ properties }) => listAt(properties, 'Policies'))
    .flatMap((policy) => listAt(policy, 'PolicyDocument', 'Statement')),
  ...declared(template, 'AWS::IAM::Policy')
    .filter(({ properties }) => references(at(properties, 'Roles')).includes(role))
    .flatMap(({ properties }) => listAt(properties, 'PolicyDocument', 'Statement')),
];

const endpoints: Rule = {
  says: 'what a function in a network calls has an endpoint there, or a way out',
  look: (template) => {
    const names = declared(template, 'AWS::EC2::VPCEndpoint').map(({ properties }) =>
      JSON.stringify(at(properties, 'ServiceName')),
    );
    if (declared(template, 'AWS::EC2::NatGateway').length > 0) return [];
    return declared(template, 'AWS::Lambda::Function')
      .filter(({ properties }) => at(properties, 'VpcConfig') !== undefined)
      .flatMap(({ id, properties }) =>
        references(at(properties, 'Role'))
          .flatMap((role) => [...calledInVpc(policiesOf(template, role))])
          .filter((service) => !names.some((name) => name.includes(`.${service}`)))
          .map((service) => `${id}: calls ${service}, and no endpoint leads there`),
      );
  },
};

const POLICIES = ['PolicyDocument', 'KeyPolicy', 'ResourcePolicy', 'Policy'];
const ofCaller = /^aws:(PrincipalArn|PrincipalAccount|PrincipalOrgID|userid)$/i;

/** Whether a service, which has no such key, fits a statement that names all but some principals. */
const meetsServices = (statement: Json): boolean => {
  const conditions = entriesOf(at(statement, 'Condition'));
  const negated = conditions.some(
    ([operator, keys]) =>
      /Not/.test(operator) && entriesOf(keys).some(([key]) => ofCaller.test(key)),
  );
  if (at(statement, 'Effect') !== 'Deny') return false;
  if (at(statement, 'NotPrincipal') === undefined && !negated) return false;
  return !conditions.some(([operator, keys]) =>
    entriesOf(keys).some(
      ([key, wanted]) =>
        (/^aws:PrincipalIsAWSService$/i.test(key) && String(wanted) === 'false') ||
        (operator === 'Null' && ofCaller.test(key) && String(wanted) === 'false') ||
        /^aws:(PrincipalServiceName|SourceArn|SourceAccount|CalledVia)$/i.test(key) ||
        (/Like|Equals/.test(operator) && !/Not|IfExists/.test(operator) && ofCaller.test(key)),
    ),
  );
};

const services: Rule = {
  says: 'a denial of all but some principals lets services of AWS pass',
  look: (template) =>
    declared(template)
      .filter(({ type }) => !type.startsWith('AWS::IAM::'))
      .flatMap(({ id, properties }) =>
        POLICIES.flatMap((name) => listAt(properties, name, 'Statement'))
          .filter(meetsServices)
          .map((statement) => `${id}: ${String(at(statement, 'Sid') ?? 'a statement')}`),
      ),
};

/** How a policy names a whole account, or everybody. */
const everybody = /:root"|"\*"|"\d{12}"/;

/** Keys whose use every policy of IAM can allow: their own policy names the account for all. */
export const keysOfIam = (template: Json): readonly string[] =>
  declared(template, 'AWS::KMS::Key')
    .filter(({ properties }) =>
      listAt(properties, 'KeyPolicy', 'Statement').some(
        (statement) =>
          at(statement, 'Effect') === 'Allow' &&
          everybody.test(JSON.stringify(at(statement, 'Principal') ?? '')) &&
          listAt(statement, 'Action').some((action) => action === 'kms:*' || action === '*') &&
          at(statement, 'Condition') === undefined,
      ),
    )
    .map(({ id }) => id);

export const rules: readonly Rule[] = [
  queueBatches,
  concurrency,
  noCircle,
  zones,
  endpoints,
  services,
  uploads,
];
