import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { ConsoleResources } from '../response/console-resources.ts';
import { settingsOf } from '../response/settings.ts';
import { Alerts } from '../shared/alerts.ts';
import { deployersOf } from '../shared/deny.ts';
import { FrontDoor } from '../shared/front-door.ts';
import { SitePages } from '../shared/site-pages.ts';
import { stackOutputs } from '../shared/stack-outputs.ts';
import { ConsoleApi } from './api.ts';
import { AuditKey } from './audit-key.ts';
import { ConsoleFunctions } from './functions.ts';
import { consolePageRights } from './page-rights.ts';
import { ConsoleUsers } from './users.ts';
import { ConsoleWatch } from './watch.ts';

export interface ConsoleProps extends StackProps {
  readonly config: Config;
  /** The code of a handler, by entry name. */
  readonly code: (entry: string) => Code;
  readonly resources: ConsoleResources;
  /** A hash of the built pages, which are part of the code of their upload. */
  readonly site: string;
}

interface ConsoleParts {
  readonly users: ConsoleUsers;
  readonly origin: string;
  readonly auditKey: AuditKey;
}

const of = 'the incident console';

/**
 * Where people see incidents and decide about them. It relies on CordonResponse and on nothing that
 * Cordon defends: with the application contained and its users gone, it works.
 */
export class CordonConsole extends Stack {
  constructor(scope: Construct, id: string, props: ConsoleProps) {
    const { config, code, resources, site, ...rest } = props;
    super(scope, id, { description: 'Cordon: the incident console', ...rest });
    const { deletionProtection, policySuffix: suffix, logRetentionDays: logRetention } = config;
    const { origin: configured, throttle, gatewayLogRole: logRole } = config.console;
    const deployers = deployersOf(config.deployers);
    const alerts = new Alerts(this, 'Alerts', {
      notify: config.notify,
      suffix: `-console${suffix}`,
      deployers,
    });
    const users = new ConsoleUsers(this, 'Users', { deletionProtection });
    const frontDoor = new FrontDoor(this, 'FrontDoor', {
      ...{ of, suffix, logRetentionDays: logRetention },
      pages: consolePageRights(resources),
    });
    const origin = configured || frontDoor.origin;
    const auditKey = new AuditKey(this, 'AuditKey', { suffix, deployers });
    const functions = this.functions(props, { users, origin, auditKey });
    const { api } = new ConsoleApi(this, 'Api', {
      ...{ functions, users, origin, throttle, logRetention, logRole },
    });
    const { userPoolId } = users.pool;
    const { userPoolClientId } = users.client;
    new SitePages(this, 'Pages', {
      ...{ name: 'ConsolePagesUpload', door: frontDoor, code: code('console-pages-upload') },
      ...{ site, logRetention, deployers },
      config: { api: api.url, userPoolId, userPoolClientId },
    });
    new ConsoleWatch(this, 'Watch', {
      ...{ alerts, deployers, suffix },
      ...{ pool: users.pool, gateway: api, logs: functions.logs },
    });
    stackOutputs(this, {
      ConsoleApiUrl: api.url,
      ConsoleOrigin: origin,
      ConsolePagesBucketName: frontDoor.bucket.bucketName,
      ConsolePagesDomainName: frontDoor.distribution.distributionDomainName,
      ConsoleUserPoolId: userPoolId,
      ConsoleUserPoolClientId: userPoolClientId,
      ConsoleTopicArn: alerts.topic.topicArn,
      ConsoleAuditKeyArn: auditKey.keyArn,
    });
  }

  private functions(
    { config, code, resources }: ConsoleProps,
    { users, origin, auditKey }: ConsoleParts,
  ): ConsoleFunctions {
    const { policySuffix: suffix, logRetentionDays: logRetention } = config;
    const deployers = deployersOf(config.deployers);
    return new ConsoleFunctions(this, 'Functions', {
      ...{ code, resources, auditKey },
      logRetention,
      suffix,
      deployers,
      environment: {
        CONSOLE_ORIGIN: origin,
        CONSOLE_USER_POOL_ID: users.pool.userPoolId,
        CONSOLE_USER_POOL_CLIENT_ID: users.client.userPoolClientId,
        CONSOLE_RESPONSE: this.toJsonString(resources.outputs),
      },
      own: {
        ConsoleReadLambda: {
          CONSOLE_SETTINGS: this.toJsonString({
            ...settingsOf(config),
            // The marks of secrets are the same as in mails and reports.
            salt: resources.outputs.MaskKey,
          }),
        },
        ConsoleDecideLambda: {
          CONSOLE_APPROVE_ROLE: resources.roles.approve,
          CONSOLE_RELEASE_ROLE: resources.roles.release,
        },
        ConsoleAuditLambda: { CONSOLE_AUDIT_KEY: auditKey.keyArn },
      },
    });
  }
}
