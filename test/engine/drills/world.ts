import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { type AccountState, accountState } from '../../../game-day/account-state.ts';
import { signedGet } from '../../../local/engine/signed-request.ts';
import { readInbox } from '../../../local/inbox.ts';
import { caseTable } from '../../../operator/cases.ts';
import { output } from '../../../operator/place.ts';
import { until } from '../../../operator/wait.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { at } from '../../../responders/shared/json.ts';
import type { CordonUp } from './cordon-up.ts';

/** Every function and role of the account, Cordon's own included. */
export const wholeAccount = async ({ place }: CordonUp): Promise<AccountState> => {
  const config = await place.config('operator');
  const [functions, roles]: [string[], string[]] = [[], []];
  for await (const { Functions = [] } of paginateListFunctions(
    { client: new LambdaClient(config) },
    {},
  ))
    functions.push(...Functions.map(({ FunctionName = '' }) => FunctionName));
  for await (const { Roles = [] } of paginateListRoles({ client: new IAMClient(config) }, {}))
    roles.push(...Roles.map(({ RoleName = '' }) => RoleName));
  return accountState(
    { functions, roles, buckets: [output(place, 'CordonDrillTarget', 'CanaryBucketName')] },
    config,
  );
};

/** The executions of the incident machine that failed. */
export const failedExecutions = async ({
  place,
}: CordonUp): Promise<readonly (string | undefined)[]> => {
  const sfn = new SFNClient(await place.config('operator'));
  const stateMachineArn = output(place, 'CordonResponse', 'IncidentMachineArn');
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED' }),
  );
  return executions.map(({ name }) => name);
};

/** The mails in the inbox that told of an incident for the first time, once there is one. */
export const flashMails = async (
  { connection, place }: CordonUp,
  incidentId: string,
): Promise<readonly string[]> => {
  const table = await caseTable(place);
  const look = async () => {
    const { mails } = await readCase(table, incidentId);
    const subjects = mails
      .filter(({ kind }) => kind === 'flash' || kind === 'ask')
      .map(({ subject }) => subject);
    const arrived = readInbox(connection.runDir).filter(({ subject }) =>
      subjects.includes(subject),
    );
    return arrived.length > 0 ? arrived.map(({ subject }) => subject) : undefined;
  };
  return until(look, { within: 120_000, timeoutMessage: `no mail about ${incidentId}` });
};

const text = (record: unknown, path: string): string => {
  const found = at(record, path);
  return typeof found === 'string' ? found : '';
};

/** Calls that Cordon's roles have made to IAM and Lambda since, with the names they were about. */
export const callsOfCordon = async ({ connection }: CordonUp, since: number) => {
  const answer = await signedGet(connection, `/_cordon/cloudtrail?since=${since}`);
  const records: unknown = await answer.json();
  return (Array.isArray(records) ? records : [])
    .filter((record) =>
      text(record, 'userIdentity.sessionContext.sessionIssuer.arn').includes(':role/cordon/'),
    )
    .filter((record) =>
      ['iam.amazonaws.com', 'lambda.amazonaws.com'].includes(text(record, 'eventSource')),
    )
    .map((record) => ({
      name: text(record, 'eventName'),
      reads: at(record, 'readOnly') === true,
      about: ['functionName', 'roleName']
        .map((key) => text(record, `requestParameters.${key}`))
        .filter((one) => one !== ''),
    }));
};
