import type { Json } from '../../support/infra/synthesised.ts';
import {
  readSchedule,
  readSecret,
  readUserPool,
  readUserPoolClient,
  readUserPoolGroup,
} from './read-app.ts';
import {
  readAlarm,
  readBusPolicy,
  readDetector,
  readLogGroup,
  readQueue,
  readQueuePolicy,
  readRule,
  readStateMachine,
  readSubscription,
  readTopic,
  readTopicPolicy,
} from './read-events.ts';
import {
  readFunction,
  readFunctionPolicy,
  readManagedPolicy,
  readMapping,
  readPolicy,
  readRole,
  readUrl,
} from './read-functions.ts';
import { readAlias, readBucket, readBucketPolicy, readKey, readTable } from './read-stores.ts';
import { readAthena, readCloudTrail, readGlue, readNamedQuery } from './read-trail.ts';

export interface Client {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Reads a resource through the SDK and puts what it finds under the names of the template's
 * properties.
 */
export type Reader = (
  client: Client,
  physicalId: string,
  wanted: Readonly<Record<string, Json>>,
) => Promise<Readonly<Record<string, unknown>>>;

export const readers: Readonly<Record<string, Reader>> = {
  'AWS::Athena::NamedQuery': readNamedQuery,
  'AWS::Athena::WorkGroup': readAthena,
  'AWS::CloudTrail::Trail': readCloudTrail,
  'AWS::CloudWatch::Alarm': readAlarm,
  'AWS::Cognito::UserPool': readUserPool,
  'AWS::Cognito::UserPoolClient': readUserPoolClient,
  'AWS::Cognito::UserPoolGroup': readUserPoolGroup,
  'AWS::DynamoDB::Table': readTable,
  'AWS::Events::EventBusPolicy': readBusPolicy,
  'AWS::Events::Rule': readRule,
  'AWS::Glue::Table': readGlue,
  'AWS::GuardDuty::Detector': readDetector,
  'AWS::IAM::ManagedPolicy': readManagedPolicy,
  'AWS::IAM::Policy': readPolicy,
  'AWS::IAM::Role': readRole,
  'AWS::KMS::Alias': readAlias,
  'AWS::KMS::Key': readKey,
  'AWS::Lambda::EventSourceMapping': readMapping,
  'AWS::Lambda::Function': readFunction,
  'AWS::Lambda::ResourcePolicy': readFunctionPolicy,
  'AWS::Lambda::Url': readUrl,
  'AWS::Logs::LogGroup': readLogGroup,
  'AWS::S3::Bucket': readBucket,
  'AWS::S3::BucketPolicy': readBucketPolicy,
  'AWS::Scheduler::Schedule': readSchedule,
  'AWS::SecretsManager::Secret': readSecret,
  'AWS::SNS::Subscription': readSubscription,
  'AWS::SNS::Topic': readTopic,
  'AWS::SNS::TopicPolicy': readTopicPolicy,
  'AWS::SQS::Queue': readQueue,
  'AWS::SQS::QueuePolicy': readQueuePolicy,
  'AWS::StepFunctions::StateMachine': readStateMachine,
};

const asked =
  'Every route is asked over HTTP, with every kind of token, in test/engine/app/routes.test.ts.';
const pages = 'Files and their headers are asked for in test/engine/app/site-headers.test.ts.';
const firewall = 'The engine inspects nothing; the local edge judges by this template.';

/** Types that nothing is read back for, and why that is no gap. */
export const notRead: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': asked,
  'AWS::ApiGateway::Authorizer': asked,
  'AWS::ApiGateway::Deployment': asked,
  'AWS::ApiGateway::GatewayResponse': asked,
  'AWS::ApiGateway::Method': asked,
  'AWS::ApiGateway::Model': asked,
  'AWS::ApiGateway::RequestValidator': asked,
  'AWS::ApiGateway::Resource': asked,
  'AWS::ApiGateway::RestApi': asked,
  'AWS::ApiGateway::Stage': asked,
  'AWS::ApiGateway::UsagePlan': asked,
  'AWS::CloudFront::Distribution': pages,
  'AWS::CloudFront::OriginAccessControl': pages,
  'AWS::CloudFront::ResponseHeadersPolicy': pages,
  'AWS::CloudWatch::Dashboard': 'A page for people.',
  'AWS::Logs::MetricFilter': 'Counts for this page; the engine makes no metrics of log lines.',

  'AWS::Events::EventBus': 'A name and a description; the rules and the policy on it are read.',
  'AWS::Glue::Database': 'A name, without which the table below it could not be read.',
  'AWS::Lambda::Permission':
    'Of the public URL, which a drill calls, and of the gateway, whose routes are asked.',
  'Custom::Pages': 'Its function uploads the pages; test/browser reads them as people do.',
  'AWS::WAFv2::LoggingConfiguration': firewall,
  'AWS::WAFv2::WebACL': firewall,
  'AWS::WAFv2::WebACLAssociation': firewall,
};
