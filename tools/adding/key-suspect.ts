import type { Addition } from './addition.ts';
import { listed, replaced } from './edits.ts';

const kind = `import { attempt } from "../shared/attempt.ts";
import { GetUserCommand } from '@aws-sdk/client-iam';
import type { SuspectKind } from "./suspect-kind.ts";

export const keyKind: SuspectKind = {
  calls: [{ on: 'iam:user/*', may: ['GetUser'] }],

  possible: (named) =>
    named.kind === 'access-key'
      ? [{ kind: 'access-key', userName: named.userName, keyId: named.keyId }]
      : [],

  facts: (named, { iam }, { factsMs }) => {
    if (named.kind !== 'access-key') return undefined;
    const { userName, keyId } = named;
    const read = iam.send(new GetUserCommand({ UserName: userName }));
    return attempt(factsMs, read).then((user) => ({
      reads: { user },
      confirmed: user.ok
        ? {
            suspect: { kind: 'access-key', userName, keyId },
            arns: [user.value.User?.Arn ?? ''],
            tags: [{}],
            parts: 'user',
            contradiction: null,
            proof: 'the user exists',
          }
        : null,
      code: undefined,
    }));
  },
};
`;

const responder = `
import { ListAccessKeysCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import type { Aws } from "../../shared/aws.ts";
import type { Grant } from "../../shared/grant.ts";
import type { Responder } from "../responder.ts";

const namesIn = (target: string): { UserName: string; AccessKeyId: string } => {
  const [UserName = '', AccessKeyId = ''] = target.split('/');
  return { UserName, AccessKeyId };
};

const isActive = async (target: string, { iam }: Aws): Promise<boolean> => {
  const { UserName, AccessKeyId } = namesIn(target);
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
  const key = AccessKeyMetadata.find((known) => known.AccessKeyId === AccessKeyId);
  return key?.Status === 'Active';
};

const calls: readonly Grant[] = [{ on: 'iam:user/*', may: ['ListAccessKeys', 'UpdateAccessKey'] }];

export const stopKey: Responder<{ readonly isActive: boolean }> = {
  id: 'contain.stop-key',
  title: 'Stop one access key',
  headline: 'the access key is inactive',
  stops: 'Every AWS call made with the key.',
  leavesOpen: 'Other keys of its user.',
  calls: { contain: calls, release: calls },
  targets: (suspect) =>
    suspect.kind === 'access-key' ? [suspect.userName + '/' + suspect.keyId] : [],
  byHand: (target) => 'aws iam update-access-key --status Inactive # ' + target,
  before: async (target, aws) => ({ isActive: await isActive(target, aws) }),
  apply: async (target, { iam }) => {
    await iam.send(new UpdateAccessKeyCommand({ ...namesIn(target), Status: 'Inactive' }));
  },
  holds: async (target, aws) => !(await isActive(target, aws)),
  undo: async (target, before, aws) => {
    if (before.isActive && !(await isActive(target, aws)))
      await aws.iam.send(new UpdateAccessKeyCommand({ ...namesIn(target), Status: 'Active' }));
  },
};
`;

const namedKey = `

/** A key, as the finding names it. */
export interface NamedKey {
  readonly kind: 'access-key';
  readonly userName: string;
  readonly keyId: string;
  readonly claimed: { readonly roleArn?: never };
}`;

const keyId = 'AKIAEXAMPLEEXAMPLE01';

const identified = `  if (userType === 'KeyAlone')
    return { named: { kind: 'access-key', userName, keyId: principalId, claimed: {} } };
`;

const test = `import { expect, it } from 'vitest';
import { containFinding } from "../../../../responders/contain/containment.ts";
import { release } from "../../../../responders/contain/release.ts";
import { fakeDeps } from "../../../support/fakes/deps.ts";
import { lambdaFinding } from "../../../support/fakes/findings.ts";

it('a key that a finding names is contained and released', async () => {
  const { deps, account } = fakeDeps();
  const status = () => account.world.users.get('deploy')?.keys.get('${keyId}');
  const event = lambdaFinding();
  const accessKeyDetails = {
    accessKeyId: '${keyId}',
    principalId: '${keyId}',
    userName: 'deploy',
    userType: 'KeyAlone',
  };
  const resource = { resourceType: 'AccessKey', accessKeyDetails };
  const aboutKey = { ...event, detail: { ...event.detail, resource } };

  const { incidentId, state } = await containFinding(
    { event: aboutKey, execution: 'e', drill: false },
    deps,
  );
  expect(state).toBe('contained');
  expect(status()).toBe('Inactive');

  const request = { incidentId, by: 'anna', reason: 'keys rotated', letSessionsLive: false };
  expect((await release(request, deps)).released).toBe(true);
  expect(status()).toBe('Active');
});
`;

/** Single keys are known to case and report; Cordon contains their users. */
export const keySuspect: Addition = {
  kind: 'a responder for another kind of suspect',
  sources: [
    {
      file: 'responders/finding/identify.ts',
      what: 'the names that a finding gives for this kind',
      make: (text) =>
        replaced(
          replaced(
            text,
            'export type Named =',
            `${namedKey.trim()}\n\nexport type Named = NamedKey |`,
          ),
          "  if (userType === 'IAMUser')",
          `${identified}  if (userType === 'IAMUser')`,
        ),
    },
    {
      file: 'responders/decide/key-kind.ts',
      from: 'responders/decide/user-kind.ts',
      what: 'how the account confirms it: calls and facts',
      make: () => kind,
    },
    {
      file: 'responders/decide/kinds.ts',
      what: 'a line of the list',
      make: (text) =>
        "import { keyKind } from './key-kind.ts';\n" +
        replaced(text, '[functionKind', '[keyKind, functionKind'),
    },
    {
      file: 'responders/contain/actions/stop-key.ts',
      from: 'responders/contain/actions/deny-user.ts',
      what: 'the responder: facts and verbs',
      make: () => responder,
    },
    {
      file: 'responders/contain/catalogue.ts',
      what: 'a line of the list',
      make: listed('stopKey', './actions/stop-key.ts'),
    },
  ],
  tests: [
    {
      file: 'test/support/fakes/account.ts',
      what: 'the suspect and the commands, where the fake account has not learnt them yet',
      make: (text) => text,
    },
    {
      file: 'test/unit/responders/contain/responder.test.ts',
      what: 'a suspect of this kind for the contract test',
      make: (text) =>
        replaced(
          text,
          "  { kind: 'user', userName: 'deploy' },\n",
          "  { kind: 'user', userName: 'deploy' },\n" +
            `  { kind: 'access-key', userName: 'deploy', keyId: '${keyId}' },\n`,
        ),
    },
    {
      file: 'test/unit/responders/decide/key-kind.test.ts',
      from: 'test/unit/responders/decide/policy.test.ts',
      what: 'from the finding to the release',
      make: () => test,
    },
  ],
  proof: [
    'test/unit/responders/decide/key-kind.test.ts',
    'test/unit/responders/contain/responder.test.ts',
  ],
  most: 5,
};
