// What may happen to a workload, or to the way to its evidence, before it is collected, and what
// has to come of it.

import { createHash } from 'node:crypto';
import {
  DeleteConflictException,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteFunctionCommand,
  DeleteLayerVersionCommand,
  GetFunctionConfigurationCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import type { Deployed } from '../../support/engine/deployed.ts';
import { lambdaError, type Rule, s3Error } from './between.ts';
import { bucketOf, lambdaOf } from './incident.ts';

export interface Where {
  readonly cordon: Deployed;
  readonly name: string;
}

export interface Change {
  /** Of the function that the finding is about. */
  readonly name: string;
  readonly change?: (where: Where) => Promise<unknown>;
  /** It takes containment away before the target is gone, which the watch may see. */
  readonly contests?: boolean;
  readonly rule?: () => Rule;
  readonly undo?: (where: Where) => Promise<unknown>;
  /** What must be said to be missing, and why. */
  readonly gaps: readonly (readonly [what: RegExp, why: RegExp])[];
  /** Nothing is missing but what the engine and a function that never ran have not. */
  readonly complete?: boolean;
  readonly mail?: readonly RegExp[];
  readonly there?: readonly string[];
  readonly absent?: readonly string[];
  /** The SHA-256 of the code that must have been kept. */
  readonly code?: string;
  readonly evidence?: 'ok' | 'failed';
  readonly sealed?: boolean;
}

const iamOf = (cordon: Deployed): IAMClient => new IAMClient(clientConfig(cordon));

const implant = zipOf([
  { name: 'index.mjs', data: Buffer.from('export const handler = async () => "implant";') },
]);
const hash = (bytes: Uint8Array, as: 'hex' | 'base64'): string =>
  createHash('sha256').update(bytes).digest(as);
const literally = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, '\\$&');

/** The watch may attach its deny again in between: whoever wants a role gone tries again. */
const removeRole = async (iam: IAMClient, RoleName: string, left = 20): Promise<void> => {
  const { AttachedPolicies = [] } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName }),
  );
  for (const { PolicyArn } of AttachedPolicies)
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  try {
    await iam.send(new DeleteRoleCommand({ RoleName }));
  } catch (error) {
    if (!(error instanceof DeleteConflictException) || left === 0) throw error;
    await removeRole(iam, RoleName, left - 1);
  }
};

const removeAll = async ({ cordon, name }: Where): Promise<void> => {
  const [iam, RoleName] = [iamOf(cordon), `${name}-role`];
  await lambdaOf(cordon).send(new DeleteFunctionCommand({ FunctionName: name }));
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
  await removeRole(iam, RoleName);
};

const collectorRole = async (cordon: Deployed): Promise<string> => {
  const { Role = '' } = await lambdaOf(cordon).send(
    new GetFunctionConfigurationCommand({ FunctionName: 'EvidenceCollectionLambda' }),
  );
  return Role.split('/').at(-1) ?? '';
};

/** Takes a right away from the function that collects, as a policy of the organisation could. */
const deny = async (cordon: Deployed, Action: string, Resource: string): Promise<void> => {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action, Resource }],
  });
  await iamOf(cordon).send(
    new PutRolePolicyCommand({
      RoleName: await collectorRole(cordon),
      PolicyName: 'denied',
      PolicyDocument,
    }),
  );
};
const allowAgain = async ({ cordon }: Where): Promise<void> => {
  await iamOf(cordon).send(
    new DeleteRolePolicyCommand({ RoleName: await collectorRole(cordon), PolicyName: 'denied' }),
  );
};

const foreign = `arn:aws:lambda:${REGION}:111122223333:layer:theirs:3`;
const ownLayer = (name: string): string =>
  `arn:aws:lambda:${REGION}:${ACCOUNT}:layer:${name}-layer:1`;

/**
 * One layer belongs to another account, the other is deleted while the function goes on using it.
 */
const changeLayers = async ({ cordon, name }: Where): Promise<void> => {
  const lambda = lambdaOf(cordon);
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: name,
      Layers: [ownLayer(name), foreign],
    }),
  );
  await lambda.send(
    new DeleteLayerVersionCommand({ LayerName: `${name}-layer`, VersionNumber: 1 }),
  );
};

const notShared = lambdaError(
  403,
  'AccessDeniedException',
  'User is not authorized to perform: lambda:GetLayerVersion because no resource-based policy allows the action',
);
const slowDown = s3Error(503, 'SlowDown', 'Please reduce your request rate.');
const expired = s3Error(403, 'AccessDenied', 'Request has expired');
const disabled = s3Error(
  400,
  'KMS.DisabledException',
  `arn:aws:kms:${REGION}:${ACCOUNT}:key/evidence is disabled.`,
);

const theFirst = (count: number, to: 's3' | 'link', answer: typeof slowDown): Rule => {
  let seen = 0;
  return async (passing) => {
    if (passing.to === to) seen += 1;
    return passing.to === to && seen <= count ? answer : undefined;
  };
};

/**
 * No answer but this one from S3 until the collection has given up, which is when it writes down
 * how it went.
 */
const whileCollecting = (answer: typeof slowDown): Rule => {
  let over = false;
  return async ({ to, path }) => {
    over ||= to === 'dynamodb' && path.endsWith('.PutItem');
    return to === 's3' && !over ? answer : undefined;
  };
};

/** Something of every kind. */
const everything = [
  'cordon/before-records.json',
  'findings/1.json',
  'function/code-listing.json',
  'function/code.zip',
  'function/configuration.json',
  'function/urls.json',
  'layers/1/content.zip',
  'role/attached/1.json',
  'role/role.json',
];
export const changes: Readonly<Record<string, Change>> = {
  'the code was replaced: what is there is kept, and that it is not what ran is told': {
    name: 'replaced',
    change: ({ cordon, name }) =>
      lambdaOf(cordon).send(
        new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: implant }),
      ),
    gaps: [
      [
        /^code of \$LATEST$/,
        new RegExp(
          `^the code that was there when Cordon contained was replaced at .* was \\S{44} and is ${literally(hash(implant, 'base64'))} now`,
        ),
      ],
    ],
    mail: [/DIFFERS code of \$LATEST: the code that was there when Cordon contained was replaced/],
    there: everything,
    code: hash(implant, 'hex'),
  },
  'function and role were deleted: what they were is named, and what can still be read is there': {
    name: 'deleted',
    change: removeAll,
    contests: true,
    gaps: [
      [/^code of \$LATEST$/, /Function not found/],
      [/^configuration of \$LATEST$/, /it does not exist any more: .*Function not found/],
      [/^layers of \$LATEST$/, /Function not found/],
      [/^the role deleted-role$/, /it does not exist any more: .*deleted-role/],
    ],
    mail: [/the role deleted-role: it does not exist any more/],
    there: ['cordon/before-records.json', 'cordon/what-cordon-did.json', 'findings/1.json'],
    absent: ['function/code.zip', 'role/role.json'],
  },
  'one layer belongs to another account and one was deleted: each is named with its reason': {
    name: 'layered',
    change: changeLayers,
    // The engine knows no other account's layers: what Lambda says of one that is not shared is
    // said in its place.
    rule:
      () =>
      async ({ to, path }) =>
        to === 'lambda' && path.includes('111122223333') ? notShared : undefined,
    gaps: [
      [/^layer .*:111122223333:layer:theirs:3$/, /^AccessDeniedException: .*resource-based policy/],
      [/^layer .*:layer:layered-layer:1$/, /^ResourceNotFoundException: /],
    ],
    mail: [/layer:layered-layer:1: ResourceNotFoundException/],
    there: everything.filter((path) => !path.startsWith('layers/')),
    absent: ['layers/1/content.zip'],
  },
  'a part of the bucket is denied: everything else is there': {
    name: 'denied',
    change: ({ cordon }) =>
      deny(cordon, 's3:PutObject', `arn:aws:s3:::${bucketOf(cordon)}/incidents/*/role/*`),
    undo: allowAgain,
    gaps: [[/^role\/role\.json$/, /^it could not be stored: AccessDenied: .*explicit deny/]],
    mail: [/role\/role\.json: it could not be stored/, /and \d+ more in the report/],
    there: everything.filter((path) => !path.startsWith('role/')),
    absent: ['role/role.json'],
  },
  // The engine does not ask KMS for S3: what S3 says of a disabled key is said in its place.
  'the key is disabled, for good: nothing claims that there is evidence, and that nothing is sealed is told too':
    {
      name: 'keyless',
      rule:
        () =>
        async ({ to, method }) =>
          to === 's3' && method === 'PUT' ? disabled : undefined,
      evidence: 'failed',
      sealed: false,
      gaps: [
        [
          /^function\/code\.zip$/,
          /^it could not be stored: KMS\.DisabledException: .* is disabled/,
        ],
        [/^the line of this incident in the index$/, /KMS\.DisabledException/],
      ],
      mail: [
        /evidence: nothing could be stored: .*KMS\.DisabledException/,
        /manifest: KMS\.DisabledException/,
      ],
      absent: [...everything, 'manifest.json'],
    },
  'S3 asks for patience, thirty times: everything is there in the end': {
    name: 'throttled',
    rule: () => theFirst(30, 's3', slowDown),
    complete: true,
    gaps: [],
    there: everything,
  },
  'S3 asks for patience until the collection has given up: each piece is a gap': {
    name: 'overrun',
    rule: () => whileCollecting(slowDown),
    evidence: 'failed',
    gaps: [
      [
        /^function\/code\.zip$/,
        /^it could not be stored: SlowDown: Please reduce your request rate/,
      ],
      [/^role\/role\.json$/, /SlowDown/],
    ],
    mail: [/evidence: nothing could be stored: .*SlowDown/],
    there: ['manifest.json', 'report/v1.html'],
    absent: everything,
  },
  'links to the code have expired when they are followed: new ones are asked for': {
    name: 'expired',
    rule: () => theFirst(3, 'link', expired),
    complete: true,
    gaps: [],
    there: everything,
  },
};
