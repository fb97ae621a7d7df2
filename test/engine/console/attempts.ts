// What is tried to answer a question with, other than a fresh sign-in of an approver.
import { makeUser } from '../../../local/app/users.ts';
import { enterConsole } from '../../../local/console/users.ts';
import type { ConsoleDesk } from './desk.ts';

export interface TokenAttempt {
  readonly words: string;
  readonly token: (desk: ConsoleDesk, approver: string) => Promise<string | null>;
  readonly status: number;
  /** What the refusal says. */
  readonly says: string;
}

const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const partsOf = (token: string): readonly string[] => token.split('.');
export const secondsAgo = (seconds: number): number => Math.floor(Date.now() / 1_000) - seconds;

export const tokenAttempts: readonly TokenAttempt[] = [
  { words: 'no token', token: async () => null, status: 401, says: 'access token' },
  {
    words: 'a token of a reader',
    token: ({ enter }) => enter('attempt-reader', 'readers'),
    status: 403,
    says: 'members of approvers',
  },
  {
    words: 'a token of a responder and auditor',
    token: ({ enter }) => enter('attempt-responder', 'responders', 'auditors'),
    status: 403,
    says: 'members of approvers',
  },
  {
    words: 'a token of somebody without a group',
    token: ({ enter }) => enter('attempt-nobody'),
    status: 403,
    says: 'members of approvers',
  },
  {
    words: 'a token of a sign-in of three minutes ago',
    token: async ({ resigned }, approver) => resigned(approver, { auth_time: secondsAgo(180) }),
    status: 403,
    says: 'last two minutes',
  },
  {
    words: 'a token of a sign-in that is still to come',
    token: async ({ resigned }, approver) => resigned(approver, { auth_time: secondsAgo(-600) }),
    status: 403,
    says: 'last two minutes',
  },
  {
    words: 'a token that has expired',
    token: async ({ resigned }, approver) =>
      resigned(approver, { iat: secondsAgo(900), exp: secondsAgo(300) }),
    status: 401,
    says: 'access token',
  },
  {
    words: 'a token of a reader who wrote another group into it',
    token: async ({ enter }) => {
      const [header = '', claims = '', signature = ''] = partsOf(
        await enter('attempt-forger', 'readers'),
      );
      const changed = JSON.parse(Buffer.from(claims, 'base64url').toString());
      return [header, encoded({ ...changed, 'cognito:groups': ['approvers'] }), signature].join(
        '.',
      );
    },
    status: 401,
    says: 'access token',
  },
  {
    words: 'a token without a signature',
    token: async (_desk, approver) => {
      const [, claims = ''] = partsOf(approver);
      return `${encoded({ alg: 'none', typ: 'JWT' })}.${claims}.`;
    },
    status: 401,
    says: 'access token',
  },
  {
    words: 'the id token of an approver',
    token: async ({ place }) =>
      (await enterConsole(place, 'attempt-id', ['approvers'])).tokens.idToken,
    status: 401,
    says: 'access token',
  },
  {
    words: 'a token of the pool of the application',
    token: async ({ place }) =>
      (await makeUser(place, 'anna@console.example.com', 'administrator')).accessToken,
    status: 401,
    says: 'access token',
  },
];

export interface MisshapenAnswer {
  readonly words: string;
  readonly body: (digest: string) => string;
  readonly status: number;
  readonly type?: string;
}

const changed =
  (fields: object) =>
  (digest: string): string =>
    JSON.stringify({ digest, decision: 'contain', reason: 'it is real', ...fields });

/** Answers that are not of the form that the contract names. */
export const misshapenAnswers: readonly MisshapenAnswer[] = [
  { words: 'no JSON', body: () => 'contain', status: 400 },
  { words: 'nothing', body: () => 'null', status: 400 },
  { words: 'in a list', body: (digest) => `[${changed({})(digest)}]`, status: 400 },
  { words: 'a list of decisions', body: changed({ decision: ['contain'] }), status: 400 },
  { words: 'the word true', body: changed({ decision: true }), status: 400 },
  { words: 'without a decision', body: changed({ decision: undefined }), status: 400 },
  {
    words: 'about a list of questions',
    body: (own) => changed({ digest: [own] })(own),
    status: 400,
  },
  { words: 'about a number', body: changed({ digest: 0 }), status: 400 },
  { words: 'with an object as its reason', body: changed({ reason: { text: 'x' } }), status: 400 },
  {
    words: 'with a proof of its own',
    body: changed({ mac: 'bWFj', signature: 'c2ln', round: 1 }),
    status: 400,
  },
  { words: 'for another incident as well', body: changed({ incidentId: 'x' }), status: 400 },
  {
    words: 'with a prototype',
    body: (digest) => changed({})(digest).replace('{', '{"__proto__":{"by":"bob"},'),
    status: 400,
  },
  { words: 'sent as text', body: changed({}), status: 415, type: 'text/plain' },
];
