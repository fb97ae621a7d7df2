import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../protected-app/openapi-problems.ts';
import { routes } from '../../../../protected-app/routes.ts';
import { appFunctionId, appResources } from '../../../support/infra/app.ts';
import { protectedApp, texts } from '../../../support/infra/shared.ts';
import {
  at,
  type Json,
  listAt,
  ofType,
  one,
  protectedAppWith,
  type Resource,
} from '../../../support/infra/synthesised.ts';

const pathOf = (resourceId: Json | undefined): string => {
  if (typeof resourceId !== 'string' || resourceId.endsWith('.RootResourceId>')) return '';
  const { properties } = one(
    protectedApp,
    'AWS::ApiGateway::Resource',
    new RegExp(`^${resourceId.slice(1, -1)}$`),
  );
  return `${pathOf(at(properties, 'ParentId'))}/${at(properties, 'PathPart')}`;
};
const methods = new Map(
  appResources('ApiGateway::Method').map(({ properties }) => [
    `${at(properties, 'HttpMethod')} ${pathOf(at(properties, 'ResourceId'))}`,
    properties,
  ]),
);

let synthesised: readonly Resource[] | undefined;
/** Deployed where another stack has set the region's role, for pages with a name of their own. */
const configured = (): readonly Resource[] => {
  const options = { origin: 'https://shop.example.org', gatewayLogRole: 'existing' };
  synthesised ??= protectedAppWith({ app: options });
  return synthesised;
};

describe('the gateway', () => {
  it('has the routes of routes.ts, the question of browsers for each path, and nothing else', () => {
    const asked = routes.map(({ path }) => `OPTIONS ${path}`);
    expect([...methods.keys()].sort()).toEqual(
      [...new Set([...routes.map(({ method, path }) => `${method} ${path}`), ...asked])].sort(),
    );
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s is guarded as it says',
    (name, { audience: who }) => {
      const method = methods.get(name);
      const guard = [at(method, 'AuthorizationType'), at(method, 'AuthorizationScopes')];
      const by = String(at(method, 'AuthorizerId'));
      if (who === 'signed-in')
        expect([...guard, by]).toEqual([
          'COGNITO_USER_POOLS',
          ['aws.cognito.signin.user.admin'],
          expect.stringContaining('SignedIn'),
        ]);
      else if (who === 'administrators')
        expect([...guard, by]).toEqual([
          'CUSTOM',
          undefined,
          expect.stringContaining('Administrators'),
        ]);
      else expect([name, ...guard]).toEqual(['GET /status', 'NONE', undefined]);
    },
  );

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s calls its function',
    (name, route) => {
      expect(String(at(methods.get(name), 'Integration', 'Uri'))).toContain(
        `<${appFunctionId(route.function)}.Arn>`,
      );
    },
  );

  it('remembers no answer of an authorizer', () => {
    expect(
      appResources('ApiGateway::Authorizer').map(({ properties }) =>
        at(properties, 'AuthorizerResultTtlInSeconds'),
      ),
    ).toEqual([0, 0]);
  });

  it('lets the pages of one origin call, and no other', () => {
    const origins = texts.join().match(/Access-Control-Allow-Origin[^}]{0,200}/g) ?? [];
    expect(origins.length).toBeGreaterThan(20);
    expect(origins.filter((text) => text.includes("'*'"))).toEqual([]);
    const options = ofType(configured(), 'AWS::ApiGateway::Method').filter(
      ({ properties }) => at(properties, 'HttpMethod') === 'OPTIONS',
    );
    for (const { properties } of options)
      expect(JSON.stringify(properties)).toContain(
        `"method.response.header.Access-Control-Allow-Origin":"'https://shop.example.org'"`,
      );
  });

  it('says every refusal of its own as a problem with the id of the request', () => {
    const refusals = appResources('ApiGateway::GatewayResponse').map(({ properties }) => {
      const body: Json = JSON.parse(
        String(at(properties, 'ResponseTemplates', 'application/json')),
      );
      expect(at(body, 'requestId')).toBe('$context.requestId');
      expect(String(at(body, 'status'))).toBe(at(properties, 'StatusCode'));
      expect(at(properties, 'ResponseParameters', 'gatewayresponse.header.Content-Type')).toBe(
        "'application/problem+json'",
      );
      return [
        String(at(properties, 'ResponseType')),
        Number(at(properties, 'StatusCode')),
      ] as const;
    });
    const forEveryRoute = {
      ACCESS_DENIED: 403,
      REQUEST_TOO_LARGE: 413,
      THROTTLED: 429,
      DEFAULT_5XX: 500,
      INTEGRATION_FAILURE: 503,
      INTEGRATION_TIMEOUT: 504,
    };
    expect(Object.fromEntries(refusals)).toMatchObject({ UNAUTHORIZED: 401, ...forEveryRoute });
    for (const route of routes)
      expect(problemsOf(route)).toEqual(expect.arrayContaining(Object.values(forEveryRoute)));
    const throttled = appResources('ApiGateway::GatewayResponse').find(
      ({ properties }) => at(properties, 'ResponseType') === 'THROTTLED',
    );
    expect(
      at(throttled?.properties, 'ResponseParameters', 'gatewayresponse.header.Retry-After'),
    ).toBe("'1'");
    expect(
      at(
        throttled?.properties,
        'ResponseParameters',
        'gatewayresponse.header.Access-Control-Expose-Headers',
      ),
    ).toMatch(/Retry-After/);
  });

  it('sets the role for the logs of the region unless there is one, and never takes it away', () => {
    const setting = one(protectedApp, 'AWS::ApiGateway::Account');
    const role = one(protectedApp, 'AWS::IAM::Role', /^ApiGatewayLogRole/);
    expect(at(setting.properties, 'CloudWatchRoleArn')).toBe(`<${role.id}.Arn>`);
    expect([setting.deletionPolicy, role.deletionPolicy]).toEqual(['Retain', 'Retain']);

    expect(ofType(configured(), 'AWS::ApiGateway::Account')).toEqual([]);
    expect(ofType(configured(), 'AWS::IAM::Role').map(({ id }) => id)).not.toContain(role.id);
  });

  it('is throttled, traced, logged without tokens, and behind the firewall', () => {
    const { id, properties } = one(protectedApp, 'AWS::ApiGateway::Stage');
    expect(listAt(properties, 'MethodSettings')[0]).toMatchObject({
      ThrottlingRateLimit: 100,
      ThrottlingBurstLimit: 200,
      DataTraceEnabled: false,
    });
    expect(at(properties, 'TracingEnabled')).toBe(true);
    expect(String(at(properties, 'AccessLogSetting', 'Format'))).not.toMatch(
      /authorization|querystring|\.path\b/i,
    );
    expect(
      String(at(one(protectedApp, 'AWS::WAFv2::WebACLAssociation').properties, 'ResourceArn')),
    ).toContain(`<${id}>`);
  });
});
