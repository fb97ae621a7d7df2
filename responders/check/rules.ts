import { createHash } from 'node:crypto';
import {
  DescribeRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { sortedJson } from '../shared/sorted-json.ts';
import { wantedJson } from '../shared/wanted.ts';
import { compare, type Differences } from './checker.ts';
import type { DeployedRule } from './deployed.ts';

/** The hash by which two patterns are compared. */
export const patternHash = (pattern: unknown): string =>
  createHash('sha256').update(sortedJson(pattern)).digest('hex');

/** `…:rule/<name>` on the default bus, `…:rule/<bus>/<name>` on another. */
const namesOf = (arn: string): { readonly name: string; readonly bus: string } => {
  const [name = '', bus = 'default'] = arn
    .slice(arn.indexOf(':rule/') + 6)
    .split('/')
    .reverse();
  return { name, bus };
};

const read = async (arn: string, events: EventBridgeClient) => {
  const { name, bus: EventBusName } = namesOf(arn);
  const [rule, { Targets = [] }] = await Promise.all([
    events.send(new DescribeRuleCommand({ Name: name, EventBusName })),
    events.send(new ListTargetsByRuleCommand({ Rule: name, EventBusName })),
  ]);
  const { State, EventPattern } = rule;
  return {
    state: State,
    pattern: EventPattern ? patternHash(wantedJson(EventPattern, 'EventPattern')) : null,
    targets: Targets.map(({ Arn = '' }) => Arn),
  };
};

/** Whether one rule still hands the same events to the same targets. */
export const checkRule = (
  { arn, targets, pattern }: DeployedRule,
  events: EventBridgeClient,
): Promise<Differences> =>
  compare(`rule ${namesOf(arn).name}`, read(arn, events), (actual) => [
    ...(actual.state === 'ENABLED' ? [] : [`is ${actual.state}: what it waits for is not told`]),
    ...(pattern === null || actual.pattern === pattern
      ? []
      : ['waits for other events than it was deployed for']),
    ...targets
      .filter((target) => !actual.targets.includes(target))
      .map((target) => `does not reach ${target} any more`),
    ...actual.targets
      .filter((target) => !targets.includes(target))
      .map((target) => `also hands events to ${target}`),
  ]);
