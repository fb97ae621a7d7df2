import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { corsHeaders } from '../../protected-app/shared/http.ts';
import { type GatewayRefusal, hostile, refusal, template } from '../shared/refusals.ts';
import { type BlockReason, bodyLimit, ratePerMinute, rules } from './web-acl-rules.ts';

export interface WebAclProps {
  /** The one origin whose pages may read a refusal. */
  readonly origin: string;
  readonly logRetention: RetentionDays;
}

const answers: Readonly<Record<BlockReason, GatewayRefusal>> = {
  hostile,
  'too-large': refusal(413, `A body may have at most ${bodyLimit.bytes} bytes.`),
  'too-often': refusal(
    403,
    `Your address sent more than ${ratePerMinute} requests in a minute. ` +
      'Send the request again after the seconds in Retry-After.',
    { 'Retry-After': '60' },
  ),
};

/** AWS WAF sends a text that is the same for everybody, so the id is only in the header. */
const problem = (answer: GatewayRefusal): string =>
  template(answer, 'see the header x-amzn-requestid');

/** The firewall in front of a stage of the API: what it refuses never reaches a function. */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { origin, logRetention }: WebAclProps) {
    super(scope, id);
    const headers = {
      ...corsHeaders(origin),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    };
    const blocked = (reason: BlockReason): CfnWebACL.BlockActionProperty => {
      const { status, headers: own } = answers[reason];
      const responseHeaders = Object.entries({ ...headers, ...own }).map(([name, value]) => ({
        name,
        value,
      }));
      return {
        customResponse: { responseCode: status, customResponseBodyKey: reason, responseHeaders },
      };
    };
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      description: 'Stands before the API of the protected application',
      defaultAction: { allow: {} },
      rules: rules(blocked),
      customResponseBodies: Object.fromEntries(
        Object.entries(answers).map(([key, answer]) => [
          key,
          { contentType: 'APPLICATION_JSON', content: problem(answer) },
        ]),
      ),
      associationConfig: {
        requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: bodyLimit.inspected } },
      },
      visibilityConfig: {
        metricName: 'CordonApp',
        cloudWatchMetricsEnabled: true,
        sampledRequestsEnabled: true,
      },
    });
    this.arn = acl.attrArn;
    this.log(acl, logRetention);
  }

  /** Puts the firewall before a stage. */
  associate(stageArn: string): void {
    new CfnWebACLAssociation(this, 'Stage', { webAclArn: this.arn, resourceArn: stageArn });
  }

  /** What was refused or counted. Requests that passed are in the access log of the stage. */
  private log({ attrArn }: CfnWebACL, retention: RetentionDays): void {
    const group = new LogGroup(this, 'Logs', {
      // AWS WAF writes to no log group of another name.
      logGroupName: `aws-waf-logs-${Stack.of(this).stackName}`,
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stream = {
      service: 'logs',
      resource: 'log-group',
      resourceName: group.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    };
    const recordedActions = ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT'].map((Action) => ({
      ActionCondition: { Action },
    }));
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: attrArn,
      logDestinationConfigs: [Stack.of(this).formatArn(stream)],
      redactedFields: [
        { singleHeader: { Name: 'authorization' } },
        { singleHeader: { Name: 'cookie' } },
      ],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [{ Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: recordedActions }],
      },
    });
  }
}
