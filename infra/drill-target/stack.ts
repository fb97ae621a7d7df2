import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { stackOutputs } from '../shared/stack-outputs.ts';
import { CanarySet } from './canaries.ts';

export interface DrillTargetProps extends StackProps {
  readonly config: Config;
  readonly code: (entry: string) => Code;
}

/**
 * Something to attack: nothing in here is of value, and its leak is planted. Leave it out with
 * `drillTarget: false`.
 */
export class CordonDrillTarget extends Stack {
  constructor(scope: Construct, id: string, { config, code, ...props }: DrillTargetProps) {
    super(scope, id, { description: 'Cordon: the canaries that drills attack', ...props });
    const { solo, culprit, neighbour, soloRole, sharedRole, store, queue, url } = new CanarySet(
      this,
      'Canaries',
      {
        config,
        code: code('canary'),
      },
    );
    stackOutputs(this, {
      SoloFunctionName: solo.functionName,
      SoloRoleName: soloRole.roleName,
      CulpritFunctionName: culprit.functionName,
      NeighbourFunctionName: neighbour.functionName,
      SharedRoleName: sharedRole.roleName,
      CanaryBucketName: store.bucket.bucketName,
      CanaryTableName: store.table.tableName,
      SoloQueueUrl: queue.queueUrl,
      SoloUrl: url.url,
    });
  }
}
