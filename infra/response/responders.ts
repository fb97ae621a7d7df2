import { Aws, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type FunctionSpec, functions } from '../../responders/functions.ts';
import type { Config } from '../config.ts';
import { deployersOf, functionArn } from '../shared/deny.ts';
import type { FunctionPolicy } from '../shared/function-policy.ts';
import type { Resources } from '../shared/grants.ts';
import { names } from '../shared/names.ts';
import { ResponderFunction } from './responder-function.ts';
import { environmentOf, type RespondersProps, resourcesOf } from './responder-props.ts';
import { outOfReach, settingsOf } from './settings.ts';
import { watchedBy } from './tamper-own.ts';
import type { WebhookChannel } from './webhook.ts';

/** The functions that change what is contained. */
const changing = ['ContainmentLambda', 'WatchLambda', 'ReleaseLambda'];

/** The functions that send mails. */
const mailing = ['NotifyLambda', 'TamperLambda', 'CheckLambda'];

/** The functions that the configuration asks for. */
const functionsOf = ({ webhook }: Pick<RespondersProps, 'webhook'>): readonly FunctionSpec[] =>
  functions.filter(({ only }) => only === undefined || webhook !== undefined);

/** A function by its own ARN and by that of any of its versions and aliases. */
const withAliases = (arn: string): string[] => [arn, `${arn}:*`];

/** The functions of responders/functions.ts. */
export class Responders extends Construct {
  readonly byName: ReadonlyMap<string, LambdaFunction>;
  private readonly policies: ReadonlyMap<string, FunctionPolicy>;

  constructor(scope: Construct, id: string, props: RespondersProps) {
    super(scope, id);
    const { config, code } = props;
    const { furtherRegions } = config;
    const own = [Aws.REGION, ...furtherRegions].flatMap((region) =>
      functions.flatMap(({ name }) => withAliases(functionArn(name, region))),
    );
    const shared = {
      resources: resourcesOf(props),
      furtherRegions,
      logRetention: config.logRetentionDays,
      suffix: config.policySuffix,
      deployers: deployersOf(config.deployers),
      environment: {
        ...environmentOf(props),
        CORDON_SETTINGS: this.toJson(settingsOf(config)),
      },
    };
    const made = new Map(
      functionsOf(props).map((spec) => {
        const props = {
          ...shared,
          spec,
          code: code(spec.entry),
          outOfReach: outOfReach(config, own, { releases: spec.name === 'ReleaseLambda' }),
        };
        return [spec.name, new ResponderFunction(this, spec.name, props)];
      }),
    );
    this.byName = new Map([...made].map(([name, own]) => [name, own.function]));
    this.policies = new Map([...made].map(([name, { policy }]) => [name, policy]));
    for (const name of changing)
      this.named(name).addEnvironment('CORDON_PROOF_KEYS', this.toJson(props.proofKeys.arns));
    const { remindMinutes, escalateMinutes } = config.approval;
    const topic = props.alerts.escalation?.topicArn ?? null;
    this.named('NotifyLambda').addEnvironment(
      'CORDON_QUESTIONS',
      this.toJson({ remindMinutes, escalateMinutes, topic }),
    );
    if (topic !== null) this.named('CheckLambda').addEnvironment('CORDON_ESCALATION_TOPIC', topic);
    this.named('TimelineAnalysisLambda').addEnvironment('CORDON_TRAIL', this.trailOf(props));
    this.named('HeartbeatLambda').addEnvironment('CORDON_HEARTBEAT', this.heartbeatOf(props));
    if (props.webhook) this.tellWebhook(props.webhook, config.channels);
    const watched = watchedBy(this, config, ownKeys(shared.resources));
    this.named('TamperLambda').addEnvironment('CORDON_WATCHED', this.toJson(watched));
  }

  /**
   * What the timeline has to know of the trail, and which calls are Cordon's own: those of the
   * functions that change something, and of their roles.
   */
  private trailOf({ query }: RespondersProps): string {
    const own = changing.map((name) => [name, roleOf(this.named(name)).roleArn]);
    return this.toJson({ ...query.place, own: Object.fromEntries(own) });
  }

  /** The senders of mails tell it too; `WebhookLambda` knows where it is. */
  private tellWebhook(webhook: WebhookChannel, { console }: Config['channels']): void {
    for (const name of mailing)
      this.named(name).addEnvironment('CORDON_WEBHOOK_QUEUE', webhook.queue.queueUrl);
    const place = { secretId: webhook.secret.ref, console };
    this.named('WebhookLambda').addEnvironment('CORDON_WEBHOOK', this.toJson(place));
    webhook.workedOnBy(this.named('WebhookLambda'));
  }

  /** Where the heartbeat sends its finding, and about what. */
  private heartbeatOf({ config, canary, proofKeys }: RespondersProps): string {
    return this.toJson({
      bus: names(config.policySuffix).drillBus,
      proofKey: proofKeys.arns.drill,
      role: canary.role.roleArn,
    });
  }

  /** The roles with which Cordon changes what is contained. */
  get changingRoles(): readonly string[] {
    return changing.map((name) => roleOf(this.named(name)).roleArn);
  }

  private toJson(object: object): string {
    return Stack.of(this).toJsonString(object);
  }

  /** Who may call a function. */
  policyOf(name: string): FunctionPolicy {
    const policy = this.policies.get(name);
    if (!policy) throw new Error(`responders/functions.ts has no ${name}`);
    return policy;
  }

  named(name: string): LambdaFunction {
    const lambda = this.byName.get(name);
    if (!lambda) throw new Error(`responders/functions.ts has no ${name}`);
    return lambda;
  }
}

const roleOf = ({ role }: LambdaFunction): IRole => {
  if (role) return role;
  throw new Error('a function without a role');
};

/** The keys of this deployment, the trail's own among them. */
const ownKeys = (resources: Resources): readonly string[] => [
  ...new Set(
    Object.entries(resources).flatMap(([name, arns]) => (name.endsWith('Key') ? arns : [])),
  ),
];
