import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { FrontDoor } from '../../../../infra/shared/front-door.ts';
import { protectedApp as app } from '../../../support/infra/shared.ts';
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

it('tells browsers to run our own files only, in no frame, and never without TLS', () => {
  const security = at(
    one(app, 'AWS::CloudFront::ResponseHeadersPolicy').properties,
    'ResponseHeadersPolicyConfig',
    'SecurityHeadersConfig',
  );
  const policy = String(at(security, 'ContentSecurityPolicy', 'ContentSecurityPolicy'));
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\* |http:/);
  expect(at(security, 'FrameOptions', 'FrameOption')).toBe('DENY');
  expect(at(security, 'ContentTypeOptions', 'Override')).toBe(true);
  expect(at(security, 'StrictTransportSecurity', 'AccessControlMaxAgeSec')).toBe(63_072_000);
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
