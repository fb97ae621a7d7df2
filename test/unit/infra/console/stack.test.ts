import { describe, expect, it } from 'vitest';
import { consoleFunctions } from '../../../../console/functions.ts';
import { consoleRoutes } from '../../../../console/routes.ts';
import { incidentConsole } from '../../../support/infra/shared.ts';
import {
  at,
  type Json,
  listAt,
  ofType,
  one,
  permissionsOf,
} from '../../../support/infra/synthesised.ts';

const resources = (type: string) => ofType(incidentConsole, `AWS::${type}`);

describe('who signs in', () => {
  const pool = one(incidentConsole, 'AWS::Cognito::UserPool').properties;
  const client = one(incidentConsole, 'AWS::Cognito::UserPoolClient').properties;

  it('is made by an administrator, under a name that stays, with a second factor', () => {
    expect(at(pool, 'AdminCreateUserConfig', 'AllowAdminCreateUserOnly')).toBe(true);
    expect([at(pool, 'MfaConfiguration'), at(pool, 'EnabledMfas')]).toEqual([
      'ON',
      ['SOFTWARE_TOKEN_MFA'],
    ]);
    expect([at(pool, 'UsernameAttributes'), at(pool, 'AliasAttributes')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(at(pool, 'AccountRecoverySetting', 'RecoveryMechanisms', 0, 'Name')).toBe('admin_only');
    expect(
      resources('Cognito::UserPoolGroup')
        .map(({ properties }) => at(properties, 'GroupName'))
        .sort(),
    ).toEqual(['approvers', 'auditors', 'readers', 'responders']);
  });

  it('proves a password without sending it, and nobody else can do it for them', () => {
    expect(at(client, 'GenerateSecret')).toBe(false);
    expect(at(client, 'ExplicitAuthFlows')).toEqual(['ALLOW_USER_SRP_AUTH']);
    expect(at(client, 'RefreshTokenRotation', 'Feature')).toBe('ENABLED');
    expect([at(client, 'AccessTokenValidity'), at(client, 'RefreshTokenValidity')]).toEqual([
      10, 480,
    ]);
  });
});

const pathOf = (resourceId: Json | undefined): string => {
  if (typeof resourceId !== 'string' || resourceId.endsWith('.RootResourceId>')) return '';
  const { properties } = one(
    incidentConsole,
    'AWS::ApiGateway::Resource',
    new RegExp(`^${resourceId.slice(1, -1)}$`),
  );
  return `${pathOf(at(properties, 'ParentId'))}/${at(properties, 'PathPart')}`;
};

describe('the gateway', () => {
  const methods = new Map(
    resources('ApiGateway::Method').map(({ properties }) => [
      `${at(properties, 'HttpMethod')} ${pathOf(at(properties, 'ResourceId'))}`,
      properties,
    ]),
  );

  it('has the routes of routes.ts, the question of browsers for each path, and nothing else', () => {
    const wanted = consoleRoutes.flatMap(({ method, path }) => [
      `${method} ${path}`,
      `OPTIONS ${path}`,
    ]);
    expect([...methods.keys()].sort()).toEqual([...new Set(wanted)].sort());
  });

  it.each(consoleRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s needs an access token of the console, and calls its function',
    (name, route) => {
      const method = methods.get(name);
      expect([at(method, 'AuthorizationType'), at(method, 'AuthorizationScopes')]).toEqual([
        'COGNITO_USER_POOLS',
        ['aws.cognito.signin.user.admin'],
      ]);
      expect(String(at(method, 'Integration', 'Uri'))).toContain(
        `<Functions${route.function}Function`,
      );
    },
  );

  it('answers the pages of one origin only, is throttled and logs no token', () => {
    const text = JSON.stringify(incidentConsole);
    expect(text).toContain('Access-Control-Allow-Origin');
    expect(text).not.toMatch(/Access-Control-Allow-Origin[^,]{0,40}'\*'/);
    const { properties } = one(incidentConsole, 'AWS::ApiGateway::Stage');
    expect(listAt(properties, 'MethodSettings')[0]).toMatchObject({
      ThrottlingRateLimit: 20,
      ThrottlingBurstLimit: 40,
      DataTraceEnabled: false,
    });
    expect(String(at(properties, 'AccessLogSetting', 'Format'))).not.toMatch(
      /authorization|querystring|\.path\b/i,
    );
  });
});

describe.each(consoleFunctions.map(({ name }) => name))('%s', (name) => {
  const { id } = one(incidentConsole, 'AWS::IAM::Role', new RegExp(`^Functions${name}Role`));
  const may = permissionsOf(incidentConsole, id);

  it('cannot make a proof, answer a task or start an execution itself', () => {
    expect(may.filter((line) => /^Allow (kms:GenerateMac|states:|iam:)/.test(line))).toEqual([]);
  });

  it('signs exports of the audit where it exports them, and nothing else', () => {
    expect(may.filter((line) => line.includes('kms:Sign'))).toEqual(
      name === 'ConsoleAuditLambda'
        ? [expect.stringMatching(/^Allow kms:Sign <AuditKey\w+\.Arn>$/)]
        : [],
    );
  });

  it('reads the audit only where it shows it', () => {
    const reads = may.filter((line) => /^Allow s3:(Get|List)/.test(line) && /console\//.test(line));
    expect(reads.length).toBe(name === 'ConsoleAuditLambda' ? 2 : 0);
  });

  it('takes a role only where it decides', () => {
    const taken = may.filter((line) => line.startsWith('Allow sts:'));
    expect(taken.length).toBe(name === 'ConsoleDecideLambda' ? 4 : 0);
    expect(
      taken.filter((line) => !line.includes('ConsoleApprove') && !line.includes('ConsoleRelease')),
    ).toEqual([]);
  });

  it('reads no token of a question, and changes no case', () => {
    expect(may.filter((line) => line.startsWith('Allow dynamodb:'))).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/Put|Update|Delete|Write/)]),
    );
    const isOfCases = name !== 'ConsoleAuditLambda';
    expect(may.filter((line) => line.includes('QUESTION#*')).length).toBe(isOfCases ? 2 : 0);
    expect(may.some((line) => line.startsWith('Allow dynamodb:'))).toBe(isOfCases);
  });

  it('is called by its own API and by nobody else', () => {
    const policies = resources('Lambda::ResourcePolicy').filter(({ properties }) =>
      JSON.stringify(at(properties, 'ResourceArn')).includes(`Functions${name}Function`),
    );
    expect(policies.length).toBe(1);
    const statements = listAt(policies[0]?.properties, 'PolicyDocument', 'Statement');
    const principals = statements
      .filter((statement) => at(statement, 'Effect') === 'Allow')
      .map((statement) => at(statement, 'Principal', 'Service'));
    expect(new Set(principals)).toEqual(new Set(['apigateway.amazonaws.com']));
  });
});

it('a change of who may sign in is mailed', () => {
  const rule = one(incidentConsole, 'AWS::Events::Rule');
  expect(at(rule.properties, 'EventPattern', 'detail', 'eventSource')).toEqual([
    'cognito-idp.amazonaws.com',
  ]);
  const ignored = listAt(rule.properties, 'EventPattern', 'detail', 'eventName', 0, 'anything-but');
  expect(
    ignored.filter((call) => /^Admin(?!Get|List)|^(Create|Set|Update)/.test(String(call))),
  ).toEqual([]);
});

it('the key of the audit signs for one function, whatever IAM allows others', () => {
  const key = one(incidentConsole, 'AWS::KMS::Key', /^AuditKey/);
  const signing = listAt(key.properties, 'KeyPolicy', 'Statement').filter((statement) =>
    JSON.stringify(at(statement, 'Action')).includes('kms:Sign'),
  );

  expect([at(key.properties, 'KeySpec'), at(key.properties, 'KeyUsage')]).toEqual([
    ...['ECC_NIST_P256', 'SIGN_VERIFY'],
  ]);
  expect(signing.map((statement) => at(statement, 'Condition', 'ArnLike'))).toEqual([
    { 'aws:PrincipalArn': [expect.stringMatching(/:role\/cordon\/CordonConsoleAuditLambdaRole$/)] },
  ]);
});
