import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { output, type Place } from '../operator/place.ts';
import type { Targets } from './account-state.ts';

/** The canaries, by the names that the deployment gave them. */
export interface CanaryNames {
  readonly solo: string;
  readonly soloRole: string;
  readonly culprit: string;
  readonly neighbour: string;
  readonly sharedRole: string;
  readonly bucket: string;
  readonly table: string;
  readonly queueUrl: string;
  readonly url: string;
}

export const canariesOf = (place: Place): CanaryNames => {
  const named = (name: string): string => output(place, 'CordonDrillTarget', name);
  return {
    solo: named('SoloFunctionName'),
    soloRole: named('SoloRoleName'),
    culprit: named('CulpritFunctionName'),
    neighbour: named('NeighbourFunctionName'),
    sharedRole: named('SharedRoleName'),
    bucket: named('CanaryBucketName'),
    table: named('CanaryTableName'),
    queueUrl: named('SoloQueueUrl'),
    url: named('SoloUrl'),
  };
};

export const canaryTargets = async (place: Place): Promise<Targets> => {
  const { solo, culprit, neighbour, soloRole, sharedRole, bucket } = canariesOf(place);
  return {
    functions: [solo, culprit, neighbour],
    roles: [soloRole, sharedRole],
    buckets: [bucket],
  };
};

/** Deletes what these canaries wrote, and what an attacker wrote with their sessions. */
export const deleteCanaryWrites = async (place: Place, names: readonly string[]): Promise<void> => {
  const { bucket: Bucket, table: TableName } = canariesOf(place);
  const operator = await place.config('operator');
  const [s3, dynamo] = [new S3Client(operator), new DynamoDBClient(operator)];
  await Promise.all(
    names.flatMap((name) => [
      s3.send(new DeleteObjectCommand({ Bucket, Key: canaryKey(name) })),
      ...[name, attackerItemId(name)].map((id) =>
        dynamo.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } })),
      ),
    ]),
  );
};

/** The object that a canary writes. */
export const canaryKey = (name: string): string => `canary/${name}`;
/** The id of the item that an attacker writes with the session of a canary. */
export const attackerItemId = (name: string): string => `attacker-of-${name}`;
