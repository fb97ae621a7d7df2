import { Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import {
  type Code,
  EventSourceMapping,
  type FunctionUrl,
  FunctionUrlAuthType,
} from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { acknowledge } from '../shared/acknowledge.ts';
import { names } from '../shared/names.ts';
import { CanaryFunction, CanaryRole } from './canary-function.ts';
import { CanaryStore } from './canary-store.ts';

/**
 * One canary with a role, a queue and a public URL of its own, and two that share a role: a culprit
 * and its neighbour.
 */
export class CanarySet extends Construct {
  readonly store: CanaryStore;
  readonly soloRole: CanaryRole;
  readonly sharedRole: CanaryRole;
  readonly solo: CanaryFunction;
  readonly culprit: CanaryFunction;
  readonly neighbour: CanaryFunction;
  readonly queue: Queue;
  readonly url: FunctionUrl;

  constructor(
    scope: Construct,
    id: string,
    { config, code }: { readonly config: Config; readonly code: Code },
  ) {
    super(scope, id);
    this.store = new CanaryStore(this, 'Store');
    this.soloRole = new CanaryRole(this, 'SoloRole', {
      store: this.store,
      functions: ['canary-solo'],
    });
    this.sharedRole = new CanaryRole(this, 'SharedRole', {
      store: this.store,
      functions: ['canary-culprit', 'canary-neighbour'],
    });
    const shared = { code, store: this.store };
    // A reservation of its own: undoing the pause must bring back this number, and the public URL
    // can cost no more than it.
    this.solo = new CanaryFunction(this, 'canary-solo', {
      ...shared,
      role: this.soloRole,
      description: 'Drill: alone on its role',
      reserved: 2,
    });
    this.culprit = new CanaryFunction(this, 'canary-culprit', {
      ...shared,
      role: this.sharedRole,
      description: 'Drill: shares a role, misbehaves',
    });
    this.neighbour = new CanaryFunction(this, 'canary-neighbour', {
      ...shared,
      role: this.sharedRole,
      description: 'Drill: must keep working',
    });
    this.queue = this.queueOf(this.solo, this.soloRole);
    this.url = this.solo.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    this.letDrillsInvoke(names(config.policySuffix).drillRole);
  }

  private queueOf(solo: CanaryFunction, role: CanaryRole): Queue {
    const queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.hours(1),
      visibilityTimeout: Duration.seconds(60),
    });
    const receive = new Policy(this, 'Receive', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          resources: [queue.queueArn],
        }),
      ],
    });
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: solo,
      eventSourceArn: queue.queueArn,
      batchSize: 1,
    });
    // Lambda refuses a mapping whose role may not read the queue.
    mapping.node.addDependency(receive);
    const worthNothing =
      'Messages of a drill are worth nothing after it; a pause must leave them in this queue, ' +
      'where the drill looks.';
    acknowledge(queue, { SQS3: worthNothing, 'Serverless-SQSRedrivePolicy': worthNothing });
    acknowledge(mapping, { 'Serverless-LambdaEventSourceMappingDestination': worthNothing });
    return queue;
  }

  /**
   * The role belongs to the other stack and is known by its name: neither stack imports anything
   * from the other.
   */
  private letDrillsInvoke(drillRoleName: string): void {
    new Policy(this, 'DriveCanaries', {
      roles: [Role.fromRoleName(this, 'DrillRole', drillRoleName)],
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: [this.solo, this.culprit, this.neighbour].map(
            ({ functionArn }) => functionArn,
          ),
        }),
        new PolicyStatement({
          actions: ['sqs:SendMessage', 'sqs:GetQueueAttributes'],
          resources: [this.queue.queueArn],
        }),
      ],
    });
  }
}
