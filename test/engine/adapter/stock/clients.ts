// Differences in what clients of a REST API and of a user pool meet.
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { deploy, makeFunction, makeRole, outcome } from '../world.ts';
import type { Difference, ObservedEngine } from './difference.ts';

/** Answers what the request asks for. */
const code = `export const handler = async (event) => {
  const asked = JSON.parse(event.body || '{}');
  if (asked.throws) throw new Error('a secret of the function');
  if ('answer' in asked) return asked.answer;
  return { statusCode: 200, body: event.requestContext.requestId };
};`;

/** Make an API with a method; gives a function that posts to it. */
export const makeApi = async (
  engine: ObservedEngine,
  name: string,
  method: object,
  more: Readonly<Record<string, object>> = {},
) => {
  const RestApiId = { Ref: 'Api' };
  const resource = { RestApiId, ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] } };
  const stage = { RestApiId, DeploymentId: { Ref: 'Deployment' }, StageName: 'v1' };
  const { Id } = await deploy(
    engine,
    name,
    {
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: name } },
      ...more,
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: { ...resource, HttpMethod: 'POST', AuthorizationType: 'NONE', ...method },
      },
      Deployment: {
        Type: 'AWS::ApiGateway::Deployment',
        Properties: { RestApiId },
        DependsOn: 'Method',
      },
      Stage: { Type: 'AWS::ApiGateway::Stage', Properties: stage },
    },
    { Id: { Value: RestApiId } },
  );
  return async (body: string) => {
    const url = `${engine.endpoint}/restapis/${Id}/v1/_user_request_/`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return {
      status: answer.status,
      id: answer.headers.get('x-amzn-requestid'),
      text: await answer.text(),
    };
  };
};

/** An API whose function is called `name`. */
const makeFunctionApi = async (engine: ObservedEngine, name: string) => {
  const arn = await makeFunction(engine, name, code, await makeRole(engine, name, []));
  const Uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
  return makeApi(engine, name, {
    Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri },
  });
};

const requestValidators: Difference = {
  correction: 'request_validators',
  still: 'lets a body through that the validator of its method refuses',
  observe: async (engine) => {
    const RestApiId = { Ref: 'Api' };
    const Schema = { type: 'object', required: ['name'] };
    const json = { RestApiId, ContentType: 'application/json', Name: 'Named', Schema };
    const mock = {
      Type: 'MOCK',
      RequestTemplates: { 'application/json': '{"statusCode":200}' },
      IntegrationResponses: [{ StatusCode: '200' }],
    };
    const method = {
      RequestModels: { 'application/json': { Ref: 'Model' } },
      RequestValidatorId: { Ref: 'Validator' },
      Integration: mock,
      MethodResponses: [{ StatusCode: '200' }],
    };
    const post = await makeApi(engine, 'validated', method, {
      Model: { Type: 'AWS::ApiGateway::Model', Properties: json },
      Validator: {
        Type: 'AWS::ApiGateway::RequestValidator',
        Properties: { RestApiId, ValidateRequestBody: true },
      },
    });
    return {
      valid: (await post('{"name":"a"}')).status,
      invalid: (await post('{"price":1}')).status,
    };
  },
  stock: { valid: 200, invalid: 200 },
  aws: { valid: 200, invalid: 400 },
};

const gatewayRequests: Difference = {
  correction: 'gateway_requests',
  still: 'tells client and function two request ids, and takes a body of any size',
  observe: async (engine) => {
    const post = await makeFunctionApi(engine, 'api-requests');
    const { status, id, text } = await post('{}');
    const large = await post(JSON.stringify({ text: 'x'.repeat(10 * 1024 * 1024) }));
    return { status, isSameId: text === id, large: large.status };
  },
  stock: { status: 200, isSameId: false, large: 200 },
  aws: { status: 200, isSameId: true, large: 413 },
};

const gatewayAnswers: Difference = {
  correction: 'gateway_answers',
  still: 'serves a malformed answer, and shows what a function threw',
  observe: async (engine) => {
    const post = await makeFunctionApi(engine, 'api-answers');
    const malformed = await post('{"answer":{"bad":1}}');
    const thrown = await post('{"throws":true}');
    return { malformed: malformed.status, isErrorShown: thrown.text.includes('secret') };
  },
  stock: { malformed: 200, isErrorShown: true },
  aws: { malformed: 502, isErrorShown: false },
};

const refreshRotation: Difference = {
  correction: 'refresh_rotation',
  still: 'takes a refresh token again and again, and gives no new token',
  observe: async (engine) => {
    const rotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 };
    const client = {
      UserPoolId: { Ref: 'Pool' },
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    };
    const { Pool: UserPoolId, Client: ClientId } = await deploy(
      engine,
      'rotation',
      {
        Pool: { Type: 'AWS::Cognito::UserPool', Properties: { UserPoolName: 'rotation' } },
        Client: {
          Type: 'AWS::Cognito::UserPoolClient',
          Properties: { ...client, RefreshTokenRotation: rotation },
        },
      },
      { Pool: { Value: { Ref: 'Pool' } }, Client: { Value: { Ref: 'Client' } } },
    );
    const cognito = new CognitoIdentityProviderClient(engine.client());
    const user = { UserPoolId, Username: 'somebody' };
    const Password = 'Correct-horse-1';
    await cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
    await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    const AuthParameters = { USERNAME: 'somebody', PASSWORD: Password };
    const flow = {
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters,
    } as const;
    const { AuthenticationResult: signedIn } = await cognito.send(
      new AdminInitiateAuthCommand(flow),
    );
    const refresh = () =>
      cognito.send(
        new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: signedIn?.RefreshToken }),
      );
    const { AuthenticationResult: refreshed } = await refresh();
    return {
      hasAccessToken: Boolean(refreshed?.AccessToken),
      hasNewRefreshToken: Boolean(refreshed?.RefreshToken),
      again: await outcome(refresh()),
    };
  },
  stock: { hasAccessToken: true, hasNewRefreshToken: false, again: 'ok' },
  aws: { hasAccessToken: true, hasNewRefreshToken: true, again: 'RefreshTokenReuseException' },
};

const confirmationCodes: Difference = {
  correction: 'confirmation_codes',
  still: 'lets anybody set the password of a user whose address is known',
  observe: async (engine) => {
    const { Pool: UserPoolId, Client: ClientId } = await deploy(
      engine,
      'recovery',
      {
        Pool: {
          Type: 'AWS::Cognito::UserPool',
          Properties: { UserPoolName: 'recovery', AutoVerifiedAttributes: ['email'] },
        },
        Client: {
          Type: 'AWS::Cognito::UserPoolClient',
          Properties: { UserPoolId: { Ref: 'Pool' } },
        },
      },
      { Pool: { Value: { Ref: 'Pool' } }, Client: { Value: { Ref: 'Client' } } },
    );
    const cognito = new CognitoIdentityProviderClient(engine.client());
    const [Username, Password] = ['somebody', 'Correct-horse-1'];
    const UserAttributes = [
      { Name: 'email', Value: 'somebody@example.com' },
      { Name: 'email_verified', Value: 'true' },
    ];
    await cognito.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        UserAttributes,
        MessageAction: 'SUPPRESS',
      }),
    );
    await cognito.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }),
    );
    await cognito.send(new ForgotPasswordCommand({ ClientId, Username }));
    await cognito.send(
      new SignUpCommand({ ClientId, Username: 'other', Password, UserAttributes }),
    );
    const recover = (ConfirmationCode: string): Promise<string> =>
      outcome(
        cognito.send(
          new ConfirmForgotPasswordCommand({
            ...{ ClientId, Username, ConfirmationCode, Password: 'Chosen-by-another-1' },
          }),
        ),
      );
    const constant = await recover('654321');
    const signUp = await outcome(
      cognito.send(
        new ConfirmSignUpCommand({ ClientId, Username: 'other', ConfirmationCode: '123456' }),
      ),
    );
    let last = '';
    for (let attempt = 0; attempt < 20; attempt += 1) last = await recover('654321');
    return { constant, signUp, last };
  },
  stock: { constant: 'ok', signUp: 'ok', last: 'ExpiredCodeException' },
  aws: {
    constant: 'CodeMismatchException',
    signUp: 'CodeMismatchException',
    last: 'LimitExceededException',
  },
};

/** A pool of administrators with a required second factor; gives an unsigned client of it. */
const guardedPool = async (engine: ObservedEngine, name: string) => {
  const { Pool: UserPoolId, Client: ClientId } = await deploy(
    engine,
    name,
    {
      Pool: {
        Type: 'AWS::Cognito::UserPool',
        Properties: {
          UserPoolName: name,
          AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
          MfaConfiguration: 'ON',
          EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        },
      },
      Client: {
        Type: 'AWS::Cognito::UserPoolClient',
        Properties: { UserPoolId: { Ref: 'Pool' } },
      },
    },
    { Pool: { Value: { Ref: 'Pool' } }, Client: { Value: { Ref: 'Client' } } },
  );
  return { cognito: new CognitoIdentityProviderClient(engine.client()), UserPoolId, ClientId };
};

const closedSignUp: Difference = {
  correction: 'closed_sign_up',
  still: 'lets everybody sign up where only administrators make users',
  observe: async (engine) => {
    const { cognito, ClientId } = await guardedPool(engine, 'closed');
    const asked = { ClientId, Username: 'somebody', Password: 'Correct-horse-1' };
    return outcome(cognito.send(new SignUpCommand(asked)));
  },
  stock: 'ok',
  aws: 'NotAuthorizedException',
};

const signInChallenges: Difference = {
  correction: 'sign_in_challenges',
  still: 'gives tokens to everybody who knows the name of a user',
  observe: async (engine) => {
    const { cognito, UserPoolId, ClientId } = await guardedPool(engine, 'challenges');
    const user = { UserPoolId, Username: 'somebody' };
    await cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
    const answer = (
      ChallengeName: 'MFA_SETUP' | 'NEW_PASSWORD_REQUIRED',
      more: Readonly<Record<string, string>> = {},
    ) =>
      outcome(
        cognito.send(
          new RespondToAuthChallengeCommand({
            ...{ ClientId, ChallengeName },
            ChallengeResponses: { USERNAME: 'somebody', ...more },
          }),
        ),
      );
    return {
      setUp: await answer('MFA_SETUP'),
      password: await answer('NEW_PASSWORD_REQUIRED', { NEW_PASSWORD: 'weak' }),
    };
  },
  stock: { setUp: 'ok', password: 'ok' },
  aws: { setUp: 'NotAuthorizedException', password: 'NotAuthorizedException' },
};

export const clients: readonly Difference[] = [
  requestValidators,
  gatewayRequests,
  gatewayAnswers,
  refreshRotation,
  confirmationCodes,
  closedSignUp,
  signInChallenges,
];
