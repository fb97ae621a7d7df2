import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ACCOUNT, REGION } from '../../local/engine/settings.ts';
import { catalog } from '../../responders/contain/catalogue.ts';
import type { JudgeDeps } from '../../responders/contain/judge.ts';
import { provenanceFinder } from '../../responders/contain/provenance.ts';
import type { Settings } from '../../responders/decide/settings.ts';
import { personReader } from '../../responders/incident/person.ts';
import { proofChecker } from '../../responders/incident/proof.ts';
import { serviceCaller } from '../../responders/shared/signed-json.ts';
import { findingAbout } from './findings.ts';

/** One call that reached AWS, as its service and operation. */
export type SentCalls = readonly string[];

interface WireResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const quarantine = {
  role: `arn:aws:iam::${ACCOUNT}:policy/cordon/R`,
  function: `arn:aws:iam::${ACCOUNT}:policy/cordon/F`,
  user: `arn:aws:iam::${ACCOUNT}:policy/cordon/U`,
};
const target = {
  functionName: 'orders',
  roleName: 'orders-role',
  roleArn: `arn:aws:iam::${ACCOUNT}:role/orders-role`,
};
const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${target.functionName}`;
const trust = encodeURIComponent(
  JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  }),
);

const wire = (text: string, type: string): WireResponse => ({
  statusCode: 200,
  headers: { 'content-type': type },
  body: Buffer.from(text),
});
const json = (value: unknown): WireResponse => wire(JSON.stringify(value), 'application/json');
const xml = (operation: string, result: string): WireResponse =>
  wire(
    [
      `<${operation}Response><${operation}Result>`,
      result,
      `</${operation}Result></${operation}Response>`,
    ].join(''),
    'text/xml',
  );

/**
 * An account with one function and its role, that answers at once and remembers what containment
 * changed.
 */
const account = () => {
  const state: { attached: boolean; reserved?: number } = { attached: false };
  const reset = (): void => {
    state.attached = false;
    delete state.reserved;
  };
  const role = [
    '<Role><Path>/</Path>',
    `<RoleName>${target.roleName}</RoleName>`,
    '<RoleId>AROAEXAMPLEEXAMPLE01</RoleId>',
    `<Arn>${target.roleArn}</Arn>`,
    '<CreateDate>2026-01-01T00:00:00Z</CreateDate>',
    `<AssumeRolePolicyDocument>${trust}</AssumeRolePolicyDocument></Role>`,
  ].join('');
  const configuration = {
    FunctionName: target.functionName,
    FunctionArn: functionArn,
    Role: target.roleArn,
  };
  const attachedPolicy = [
    '<member><PolicyName>R</PolicyName>',
    `<PolicyArn>${quarantine.role}</PolicyArn></member>`,
  ].join('');
  const policies = () =>
    [
      `<AttachedPolicies>${state.attached ? attachedPolicy : ''}</AttachedPolicies>`,
      '<IsTruncated>false</IsTruncated>',
    ].join('');
  const answers: Readonly<Record<string, () => WireResponse>> = {
    'iam:GetRole': () => xml('GetRole', role),
    'iam:ListAttachedRolePolicies': () => xml('ListAttachedRolePolicies', policies()),
    'iam:ListRoleTags': () => xml('ListRoleTags', '<Tags></Tags><IsTruncated>false</IsTruncated>'),
    'iam:AttachRolePolicy': () => {
      state.attached = true;
      return xml('AttachRolePolicy', '');
    },
    'lambda:GET functions': () => json({ Functions: [configuration] }),
    'lambda:GET function': () => json({ Configuration: configuration, Tags: {} }),
    'lambda:GET concurrency': () =>
      json(state.reserved === undefined ? {} : { ReservedConcurrentExecutions: state.reserved }),
    'lambda:PUT concurrency': () => {
      state.reserved = 0;
      return json({ ReservedConcurrentExecutions: 0 });
    },
    'lambda:GET provisioned-concurrency': () => json({ ProvisionedConcurrencyConfigs: [] }),
    'lambda:GET urls': () => json({ FunctionUrlConfigs: [] }),
    'lambda:GET event-source-mappings': () => json({ EventSourceMappings: [] }),
  };
  return { answers, reset };
};

const operationOf = ({ method, path, headers, body }: WireRequest): string => {
  const text =
    body instanceof Uint8Array
      ? Buffer.from(body.buffer, body.byteOffset, body.length).toString()
      : String(body);
  const target = headers['x-amz-target'];
  if (target) return `dynamodb:${target.split('.')[1]}`;
  if (text.includes('Action=')) return `iam:${new URLSearchParams(text).get('Action')}`;
  const [last = ''] = path.split('/').filter(Boolean).slice(-1);
  return `lambda:${method} ${last === 'orders' ? 'function' : last}`;
};

const settings: Settings = {
  account: ACCOUNT,
  region: REGION,
  furtherRegions: [],
  partition: 'aws',
  minSeverity: 4,
  findingTypes: [],
  breaker: { limit: 1_000, limitOfType: 1_000, minutes: 60 },
  suspectLimit: 5,
  onTimeout: 'leave',
  approvalMinutes: 30,
  twoPersons: 'never',
  approvers: [],
  consoleRoles: [],
  consoleOrigin: '',
  observe: { everything: false, types: [], tags: [] },
  neverContain: [],
  suppressions: [],
  criticalTier: [],
  holdMinutes: 60,
  lagSeconds: { real: 900, drill: 5 },
  zone: 'UTC',
  salt: 'bench',
};

const checkProof = proofChecker({
  // A finding of GuardDuty carries no proof.
  verifyMac: async () => false,
  keys: {
    drill: 'key/drill',
    answer: 'key/answer',
    contain: 'key/answer',
    release: 'key/release',
  },
  now: Date.now,
});

/** GuardDuty has the finding and answers at once. */
const guardDutyOf = (
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
  sent: string[],
  detail: unknown,
) =>
  serviceCaller(
    { name: 'guardduty', region: REGION, endpoint: 'https://guardduty.test', credentials },
    async () => {
      sent.push('guardduty:GetFindings');
      return Response.json({ findings: [detail] });
    },
  );

/**
 * What `containFinding` needs, over the real SDK clients: they serialise, sign and parse, and
 * nothing waits for a network.
 */
export const quickAws = (): {
  readonly deps: JudgeDeps;
  readonly sent: SentCalls;
  readonly event: unknown;
  reset(): void;
} => {
  const sent: string[] = [];
  const { answers, reset } = account();
  const detail = findingAbout(target, 'a1b2c3d4e5f60718293a4b5c6d7e8f90');
  const requestHandler = {
    handle: async (request: WireRequest) => {
      const operation = operationOf(request);
      sent.push(operation);
      const answer = operation.startsWith('dynamodb:') ? json({}) : answers[operation]?.();
      if (!answer) throw new Error(`the quick account knows no ${operation}`);
      return { response: answer };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  const config: DynamoDBClientConfig = { region: REGION, credentials, requestHandler };
  const callGuardDuty = guardDutyOf(credentials, sent, detail);
  return {
    sent,
    reset,
    event: {
      source: 'aws.guardduty',
      'detail-type': 'GuardDuty Finding',
      account: ACCOUNT,
      region: REGION,
      time: detail.updatedAt,
      detail,
    },
    deps: {
      aws: {
        iam: new IAMClient(config),
        lambda: new LambdaClient(config),
        further: new Map(),
        quarantine,
      },
      table: { dynamo: new DynamoDBClient(config), name: 'cases' },
      settings,
      provenanceOf: provenanceFinder({ settings, guardDuty: () => callGuardDuty, checkProof }),
      catalog,
      now: Date.now,
      readChanges: async () => [],
      readRadius: async () => ({ roleUsers: [], backlog: [], invocations: [] }),
      log: () => undefined,
      checkProof,
      whoSigned: personReader({ address: 'http://127.0.0.1:9', fetch }),
    },
  };
};
