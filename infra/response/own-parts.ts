import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { Alerts } from '../shared/alerts.ts';
import { deployersOf } from '../shared/deny.ts';
import { HeartbeatCanary } from './heartbeat-canary.ts';
import { TamperQueue } from './tamper-queue.ts';
import { WebhookChannel } from './webhook.ts';

export interface OwnPartsProps {
  readonly config: Config;
  /** The code of a handler, by entry name. */
  readonly code: (entry: string) => Code;
  readonly alerts: Alerts;
}

/** What Cordon watches and tells itself with. */
export interface OwnParts {
  readonly tamperQueue: TamperQueue;
  readonly canary: HeartbeatCanary;
  /** Missing where the configuration asks for none. */
  readonly webhook: WebhookChannel | undefined;
}

export const ownParts = (scope: Construct, { config, code, alerts }: OwnPartsProps): OwnParts => ({
  tamperQueue: new TamperQueue(scope, 'TamperQueue', {
    alerts,
    deployers: deployersOf(config.deployers),
  }),
  canary: new HeartbeatCanary(scope, 'HeartbeatCanary', { config, code: code('heartbeat-canary') }),
  webhook: config.channels.webhook
    ? new WebhookChannel(scope, 'Webhook', { config, alerts })
    : undefined,
});
