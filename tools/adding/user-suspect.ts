import type { Addition } from './addition.ts';
import { listed, replaced } from './edits.ts';

const kind = `import { GetUserCommand } from '@aws-sdk/client-iam';
import { attempt } from "../shared/attempt.ts";
import type { Aws } from "../shared/aws.ts";
import type { SuspectKind } from "./suspect-kind.ts";

const readUser = async (UserName: string, { iam }: Aws) => {
  const { User } = await iam.send(new GetUserCommand({ UserName }));
  const tags = (User?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]);
  return { arn: User?.Arn ?? '', tags: Object.fromEntries(tags) };
};

export const userKind: SuspectKind = {
  calls: [{ on: 'iam:user/*', may: ['GetUser'] }],

  possible: (named) =>
    named.kind === 'user' ? [{ kind: 'user', userName: named.userName }] : [],

  facts: (named, aws, { factsMs }) =>
    named.kind === 'user'
      ? attempt(factsMs, readUser(named.userName, aws)).then((user) => ({
          reads: { user },
          confirmed: user.ok
            ? {
                suspect: { kind: 'user', userName: named.userName },
                arns: [user.value.arn],
                tags: [user.value.tags],
                parts: 'user',
                contradiction: null,
                proof: 'the user exists',
              }
            : null,
          code: undefined,
        }))
      : undefined,
};
`;

const responder = `import {
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import type { Aws } from "../../shared/aws.ts";
import { quoted } from "../../shared/shell.ts";
import type { Responder } from "../responder.ts";

const isAttached = async (UserName: string, { iam, quarantine }: Aws): Promise<boolean> => {
  const answer = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
  return (answer.AttachedPolicies ?? []).some(({ PolicyArn }) => PolicyArn === quarantine.role);
};

export const denyUser: Responder<{ readonly isAttached: boolean }> = {
  id: 'contain.deny-user',
  title: 'Deny every action to the user',
  headline: 'the user is denied every action',
  stops: 'Every AWS call made with the keys of the user.',
  leavesOpen: 'Sessions of roles that the user has assumed.',
  calls: {
    contain: [{ on: 'iam:user/*', may: ['ListAttachedUserPolicies', 'AttachUserPolicy'] }],
    release: [{ on: 'iam:user/*', may: ['ListAttachedUserPolicies', 'DetachUserPolicy'] }],
  },
  targets: (suspect) => (suspect.kind === 'user' ? [suspect.userName] : []),
  byHand: (name) => 'aws iam list-access-keys --user-name ' + quoted(name),
  before: async (name, aws) => ({ isAttached: await isAttached(name, aws) }),
  apply: async (UserName, { iam, quarantine }) => {
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: quarantine.role }));
  },
  holds: isAttached,
  undo: async (UserName, before, aws) => {
    if (before.isAttached || !(await isAttached(UserName, aws))) return;
    const { iam, quarantine } = aws;
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: quarantine.role }));
  },
};
`;

const namedUser = `

/** A user, as the finding names it. */
export interface NamedUser {
  readonly kind: 'user';
  readonly userName: string;
  readonly claimed: { readonly roleArn?: string };
}`;

/** IAM names of users and of roles have one syntax. */
const identified = `  if (userType === 'IAMUser')
    return isName('role', userName)
      ? { named: { kind: 'user', userName, claimed: {} } }
      : { cannot: 'the finding names no user' };
`;

const fakeUsers = `  const userIn = (name: string | undefined): Set<string> => {
    const attached = world.users?.get(name ?? '');
    if (!attached) throw new NoSuchEntityException({ message: 'no such user', ...metadata });
    return attached;
  };
  iam.on(GetUserCommand).callsFake(({ UserName }) => {
    userIn(UserName);
    return { User: { UserName, Arn: \`arn:aws:iam::\${accountId}:user/\${UserName}\`, Tags: [] } };
  });
  iam.on(ListAttachedUserPoliciesCommand).callsFake(({ UserName }) => ({
    AttachedPolicies: [...userIn(UserName)].map((PolicyArn) => ({ PolicyArn })),
  }));
  iam
    .on(AttachUserPolicyCommand)
    .callsFake(({ UserName, PolicyArn }) => void userIn(UserName).add(PolicyArn));
  iam
    .on(DetachUserPolicyCommand)
    .callsFake(({ UserName, PolicyArn }) => void userIn(UserName).delete(PolicyArn));
`;

const test = `import { expect, it } from 'vitest';
import { containFinding } from "../../../../responders/contain/containment.ts";
import { release } from "../../../../responders/contain/release.ts";
import { quarantine } from "../../../support/fakes/account.ts";
import { fakeDeps } from "../../../support/fakes/deps.ts";
import { lambdaFinding } from "../../../support/fakes/findings.ts";

it('a user that a finding names is contained and released', async () => {
  const { deps, account } = fakeDeps();
  const event = lambdaFinding();
  const accessKeyDetails = {
    accessKeyId: 'AKIAEXAMPLEEXAMPLE01',
    principalId: 'AIDAEXAMPLEEXAMPLE01',
    userName: 'eve',
    userType: 'IAMUser',
  };
  const resource = { resourceType: 'AccessKey', accessKeyDetails };
  const aboutUser = { ...event, detail: { ...event.detail, resource } };

  const { incidentId, state } = await containFinding(
    { event: aboutUser, execution: 'e', drill: false },
    deps,
  );
  expect(state).toBe('contained');
  expect(account.world.users?.get('eve')).toContain(quarantine.role);

  const request = { incidentId, by: 'anna', reason: 'keys rotated' };
  expect((await release(request, deps)).released).toBe(true);
  expect(account.world.users?.get('eve')).not.toContain(quarantine.role);
});
`;

const account = (text: string): string =>
  [
    ['import {\n', 'import {\n  AttachUserPolicyCommand,\n  DetachUserPolicyCommand,\n'],
    ['  GetRoleCommand,\n', '  GetRoleCommand,\n  GetUserCommand,\n'],
    ['  ListRoleTagsCommand,\n', '  ListAttachedUserPoliciesCommand,\n  ListRoleTagsCommand,\n'],
    [
      'export interface World {\n',
      'export interface World {\n  users?: Map<string, Set<string>>;\n',
    ],
    [
      "  roles: new Map([['orders-role', aRole()]]),\n",
      "  roles: new Map([['orders-role', aRole()]]),\n" +
        "  users: new Map([['eve', new Set<string>()]]),\n",
    ],
    ['  return { client, iam };\n', `${fakeUsers}  return { client, iam };\n`],
  ].reduce((changed, [before = '', after = '']) => replaced(changed, before, after), text);

const contract = (text: string): string =>
  replaced(
    replaced(
      text,
      "responder.targets(suspect('shared'))[0] ??",
      "responder.targets(suspect('shared'))[0] ??\n" +
        "      responder.targets({ kind: 'user', userName: 'eve' })[0] ??",
    ),
    'aWorld({ roles: new Map(), functions: new Map() })',
    'aWorld({ roles: new Map(), functions: new Map(), users: new Map() })',
  );

/** Users are known to case and report, and not contained yet. */
export const userSuspect: Addition = {
  kind: 'a responder for another kind of suspect',
  sources: [
    {
      file: 'responders/finding/identify.ts',
      what: 'the names that a finding gives for this kind',
      make: (text) =>
        replaced(
          replaced(
            text,
            'export type Named = NamedFunction;',
            `export type Named = NamedFunction | NamedUser;${namedUser}`,
          ),
          "  if (userType !== 'AssumedRole'",
          `${identified}  if (userType !== 'AssumedRole'`,
        ),
    },
    {
      file: 'responders/decide/user-kind.ts',
      from: 'responders/decide/function-kind.ts',
      what: 'how the account confirms it: calls and facts',
      make: () => kind,
    },
    {
      file: 'responders/decide/kinds.ts',
      what: 'a line of the list',
      make: (text) =>
        "import { userKind } from './user-kind.ts';\n" +
        replaced(text, '[functionKind]', '[functionKind, userKind]'),
    },
    {
      file: 'responders/contain/actions/deny-user.ts',
      from: 'responders/contain/actions/pause-function.ts',
      what: 'the responder: facts and verbs',
      make: () => responder,
    },
    {
      file: 'responders/contain/catalogue.ts',
      what: 'a line of the list',
      make: listed('denyUser', './actions/deny-user.ts'),
    },
  ],
  tests: [
    {
      file: 'test/support/fakes/account.ts',
      what: 'the suspect and the commands, where the fake account has not learnt them yet',
      make: account,
    },
    {
      file: 'test/unit/responders/contain/responder.test.ts',
      what: 'a suspect of this kind for the contract test',
      make: contract,
    },
    {
      file: 'test/unit/responders/decide/user-kind.test.ts',
      from: 'test/unit/responders/decide/policy.test.ts',
      what: 'from the finding to the release',
      make: () => test,
    },
  ],
  proof: [
    'test/unit/responders/decide/user-kind.test.ts',
    'test/unit/responders/contain/responder.test.ts',
  ],
  most: 5,
};
