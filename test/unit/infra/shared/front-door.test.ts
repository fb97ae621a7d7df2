import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { FrontDoor } from '../../../../infra/shared/front-door.ts';
import { protectedApp as app, incidentConsole } from '../../../support/infra/shared.ts';
import { at, listAt, one } from '../../../support/infra/synthesised.ts';

const distribution = at(one(app, 'AWS::CloudFront::Distribution').properties, 'DistributionConfig');
const pages = one(app, 'AWS::S3::Bucket', /FrontDoorPages/);

it('lets nobody read the bucket but this distribution, and only over TLS', () => {
  const policy = one(app, 'AWS::S3::BucketPolicy', /FrontDoorPages/).properties;
  const statements = listAt(policy, 'PolicyDocument', 'Statement');
  expect(statements.map((statement) => [at(statement, 'Effect'), at(statement, 'Action')])).toEqual(
    [
      ['Deny', 's3:*'],
      ['Allow', 's3:GetObject'],
    ],
  );
  expect(at(statements[1], 'Principal')).toEqual({ Service: 'cloudfront.amazonaws.com' });
  expect(String(at(statements[1], 'Condition', 'StringEquals', 'AWS:SourceArn'))).toMatch(
    /distribution\//,
  );
  expect(at(pages.properties, 'PublicAccessBlockConfiguration')).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
});

const securityOf = (stack: typeof app) =>
  at(
    one(stack, 'AWS::CloudFront::ResponseHeadersPolicy').properties,
    'ResponseHeadersPolicyConfig',
    'SecurityHeadersConfig',
  );
const directivesOf = (stack: typeof app): ReadonlyMap<string, readonly string[]> =>
  new Map(
    String(at(securityOf(stack), 'ContentSecurityPolicy', 'ContentSecurityPolicy'))
      .split('; ')
      .map((directive) => directive.split(' '))
      .map(([name = '', ...sources]) => [name, sources]),
  );

it('tells browsers to run our own files only, in no frame, and never without TLS', () => {
  const security = securityOf(app);
  const policy = String(at(security, 'ContentSecurityPolicy', 'ContentSecurityPolicy'));
  expect(policy).toContain("default-src 'none'; script-src 'self'; worker-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\* |http:/);
  expect(at(security, 'FrameOptions', 'FrameOption')).toBe('DENY');
  expect(at(security, 'ContentTypeOptions', 'Override')).toBe(true);
  expect(at(security, 'StrictTransportSecurity', 'AccessControlMaxAgeSec')).toBe(63_072_000);
});

/** The list of OWASP's Secure Headers project, with what is at least wanted of each. */
const secureHeaders: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'.*base-uri 'none'.*require-trusted-types-for/,
  'cross-origin-embedder-policy': /^require-corp$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\).*geolocation=\(\).*microphone=\(\).*usb=\(\)/,
  'referrer-policy': /^no-referrer$/,
  'strict-transport-security': /^max-age=(?:3153[6-9]|[4-9]\d{4})\d{3}; includeSubDomains$/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'x-permitted-cross-domain-policies': /^none$/,
};

const headersOf = (stack: typeof app): Readonly<Record<string, string>> => {
  const policy = one(stack, 'AWS::CloudFront::ResponseHeadersPolicy').properties;
  const config = at(policy, 'ResponseHeadersPolicyConfig');
  const security = at(config, 'SecurityHeadersConfig');
  const others = listAt(config, 'CustomHeadersConfig', 'Items').map((header) => [
    String(at(header, 'Header')).toLowerCase(),
    String(at(header, 'Value')),
  ]);
  const transport = at(security, 'StrictTransportSecurity');
  const subdomains = at(transport, 'IncludeSubdomains') === true ? '; includeSubDomains' : '';
  return {
    ...Object.fromEntries(others),
    'content-security-policy': String(
      at(security, 'ContentSecurityPolicy', 'ContentSecurityPolicy'),
    ),
    'referrer-policy': String(at(security, 'ReferrerPolicy', 'ReferrerPolicy')),
    'strict-transport-security': `max-age=${at(transport, 'AccessControlMaxAgeSec')}${subdomains}`,
    'x-content-type-options': at(security, 'ContentTypeOptions') === undefined ? '' : 'nosniff',
    'x-frame-options': String(at(security, 'FrameOptions', 'FrameOption')),
  };
};

it.each([
  ['application', app],
  ['console', incidentConsole],
])('the %s has every header of the list of OWASP', (_site, stack) => {
  const headers = headersOf(stack);
  expect(Object.keys(headers).sort()).toEqual(Object.keys(secureHeaders).sort());
  for (const [name, wanted] of Object.entries(secureHeaders))
    expect([name, headers[name]]).toEqual([name, expect.stringMatching(wanted)]);
});

it('lets the console alone start a worker and read evidence, and nothing else besides', () => {
  const [shop, console] = [directivesOf(app), directivesOf(incidentConsole)];

  expect([shop.get('worker-src'), shop.get('trusted-types')]).toEqual([["'none'"], ['vue']]);
  expect(console.get('worker-src')).toEqual(["'self'"]);
  expect(console.get('trusted-types')).toEqual(['vue', 'cordon-verifier']);
  const buckets = (console.get('connect-src') ?? []).filter((source) => source.includes('.s3.'));
  expect(buckets).toHaveLength(2);
  for (const source of buckets)
    expect(source).toMatch(
      /^https:\/\/\{[^*]*:(Drill)?EvidenceBucketName"\}\.s3\.<AWS::Region>\.amazonaws\.com$/,
    );
  const others = (directives: ReadonlyMap<string, readonly string[]>) =>
    [...directives].filter(([name]) => !/^(worker-src|trusted-types)$/.test(name));
  expect(
    others(console).map(([name, sources]) => [name, sources.filter((it) => !buckets.includes(it))]),
  ).toEqual(others(shop));
});

it('the pages start their worker under the policy that the headers name', () => {
  const client = readFileSync('console/pages/src/verify/worker-client.ts', 'utf8');
  expect(directivesOf(incidentConsole).get('trusted-types')).toContain(
    /policyName = '([^']+)'/.exec(client)?.[1],
  );
});

it('shows the application for every address of a page, over HTTPS, and keeps a log', () => {
  expect(
    listAt(distribution, 'CustomErrorResponses').map((answer) => [
      at(answer, 'ErrorCode'),
      at(answer, 'ResponsePagePath'),
    ]),
  ).toEqual([
    [403, '/index.html'],
    [404, '/index.html'],
  ]);
  expect(at(distribution, 'DefaultCacheBehavior', 'ViewerProtocolPolicy')).toBe(
    'redirect-to-https',
  );
  expect(at(distribution, 'Logging', 'Prefix')).toBe('pages/');
});

it('takes a name with a certificate, TLS 1.2 at least, and a web ACL of CloudFront', () => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Named', {
    env: { region: 'eu-west-1', account: '111111111111' },
  });
  const certificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/x';
  const webAclArn = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/x/y';
  const door = new FrontDoor(stack, 'Door', {
    of: 'a test',
    logRetentionDays: 30,
    suffix: '',
    domain: { name: 'shop.example', certificateArn },
    webAclArn,
  });
  expect(door.origin).toBe('https://shop.example');
  Template.fromStack(stack).hasResourceProperties('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      Aliases: ['shop.example'],
      WebACLId: webAclArn,
      ViewerCertificate: {
        AcmCertificateArn: certificateArn,
        MinimumProtocolVersion: 'TLSv1.2_2021',
      },
    },
  });
});
