import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import manifest from '../../package.json' with { type: 'json' };
import { tokenVerifiers } from '../../protected-app/routes.ts';
import type { Config } from '../config.ts';
import { Alerts } from '../shared/alerts.ts';
import { auditWriting } from '../shared/audit-topics.ts';
import { deployersOf, ownRoles } from '../shared/deny.ts';
import { FrontDoor } from '../shared/front-door.ts';
import { SitePages } from '../shared/site-pages.ts';
import { stackOutputs } from '../shared/stack-outputs.ts';
import { AppApi } from './api.ts';
import { AppData } from './data.ts';
import { AppFunctions, inference } from './functions.ts';
import { AppSchedule } from './schedule.ts';
import { AppUsers } from './users.ts';
import { AppWatch } from './watch.ts';
import { WebAcl } from './web-acl.ts';

export interface ProtectedAppProps extends StackProps {
  readonly config: Config;
  /** The code of a handler, by the name of its bundle. */
  readonly code: (entry: string) => Code;
  /** A hash of the built pages, which are part of the code of their upload. */
  readonly site: string;
}

const of = 'the protected application';

interface FunctionInputs extends Pick<ProtectedAppProps, 'config' | 'code'> {
  readonly users: AppUsers;
  readonly data: AppData;
  readonly origin: string;
}

/**
 * The application that Cordon defends. It knows nothing of Cordon but two tags and the path of its
 * roles, and deploys without it.
 */
export class CordonProtectedApp extends Stack {
  constructor(scope: Construct, id: string, { config, code, site, ...props }: ProtectedAppProps) {
    super(scope, id, { description: 'The application that Cordon defends', ...props });
    const { app, deletionProtection, policySuffix: suffix } = config;
    const { logRetentionDays: logRetention } = config;
    const deployers = deployersOf(config.deployers);
    const alerts = new Alerts(this, 'Alerts', {
      notify: config.notify,
      suffix: `-app${suffix}`,
      deployers,
    });
    const users = new AppUsers(this, 'Users', { deletionProtection });
    const data = new AppData(this, 'Data', { alerts, deletionProtection, suffix, deployers });
    const frontDoor = new FrontDoor(this, 'FrontDoor', {
      ...{ of, suffix, logRetentionDays: logRetention },
    });
    const origin = app.origin || frontDoor.origin;
    const functions = this.functions({ config, code, users, data, origin });
    data.workedOnBy(functions);
    if (app.salesforcePoll)
      new AppSchedule(this, 'Schedule', {
        poll: functions.named('SalesforcePoll'),
        policy: functions.policyOf('SalesforcePoll'),
        alerts,
      });
    const { api } = new AppApi(this, 'Api', {
      ...{ functions, users, origin, logRetention },
      ...{ throttle: app.throttle, logRole: app.gatewayLogRole },
    });
    new WebAcl(this, 'WebAcl', { origin, logRetention }).associate(api.deploymentStage.stageArn);
    const { UserPoolId: userPoolId, UserPoolClientId: userPoolClientId } = users.outputs;
    new SitePages(this, 'Pages', {
      ...{ name: 'PagesUpload', door: frontDoor, site, logRetention, deployers },
      code: code('app-pages-upload'),
      config: { api: api.url, userPoolId, userPoolClientId },
    });
    const { queues } = data;
    const watch = new AppWatch(this, 'Watch', {
      ...{ alerts, gateway: api, functions, queues, suffix },
    });

    stackOutputs(this, {
      ApiUrl: api.url,
      Origin: origin,
      PagesBucketName: frontDoor.bucket.bucketName,
      PagesDomainName: frontDoor.distribution.distributionDomainName,
      ...users.outputs,
      DashboardName: watch.dashboardName,
      AppTopicArn: alerts.topic.topicArn,
      ...data.outputs,
      ...Object.fromEntries(
        functions.entries.map(([name, { functionName }]) => [`${name}FunctionName`, functionName]),
      ),
    });
  }

  private functions({ config, code, users, data, origin }: FunctionInputs): AppFunctions {
    const { app, logRetentionDays: logRetention } = config;
    const audit = auditWriting('protected-app', config);
    return new AppFunctions(this, 'Functions', {
      code,
      resources: data.resources,
      keyArn: data.key.keyArn,
      environment: { APP_ORIGIN: origin, APP_VERSION: manifest.version, ...audit.variables },
      ofEach: audit.statements,
      own: {
        ...Object.fromEntries([...tokenVerifiers].map((name) => [name, users.variables])),
        AIAgent: { ...users.variables, APP_AI: JSON.stringify(app.ai) },
        AIWorker: { APP_AI: JSON.stringify(app.ai) },
        SalesforcePoll: { APP_SALESFORCE_API: app.salesforceApi },
        SalesforcePush: { APP_SALESFORCE_API: app.salesforceApi },
      },
      // Cordon contains a function by changing it.
      deployers: [...deployersOf(config.deployers), ownRoles],
      more: app.ai.provider === 'bedrock' ? { AIWorker: [inference(app.ai.model)] } : {},
      logRetention,
    });
  }
}
