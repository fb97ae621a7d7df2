import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  type Subscription,
} from '@aws-sdk/client-sns';
import { badPortOf, nextBlock } from '../../local/engine/blocks.ts';
import { runningUps } from '../../local/engine/connect.ts';
import { prepareDisk } from '../../local/engine/disk.ts';
import { freeMegabytes } from '../../local/engine/disk-space.ts';
import { probeIsolation } from '../../local/engine/functions.ts';
import { field, readJson } from '../../local/engine/parse.ts';
import { listenerOf, portFree } from '../../local/engine/port.ts';
import { type Folders, projectOf } from '../../local/engine/project.ts';
import { findPython } from '../../local/engine/python.ts';
import { isPackage, PORTS } from '../../local/engine/run-dir.ts';
import type { Env } from '../../local/engine/run-program.ts';
import { venvState } from '../../local/engine/venv-state.ts';
import { awsCaller, awsPlace, output } from '../../operator/place.ts';
import { printable } from '../../responders/shared/printable.ts';

/** The environment that checks look at. */
export interface DoctorContext extends Folders {
  readonly env: Env;
  readonly port: number;
  readonly node: string;
}

/** The result of a check: passed if there is no `fix`. */
export interface CheckOutcome {
  readonly detail: string;
  readonly fix?: string;
}

/** One line of `cordon doctor`. A check that throws has failed, and its message is the fix. */
export interface DoctorCheck {
  readonly name: string;
  look(place: DoctorContext): CheckOutcome | Promise<CheckOutcome>;
}

const nodeVersion: DoctorCheck = {
  name: 'Node.js',
  look: ({ node }) =>
    Number.parseInt(node, 10) >= 24
      ? { detail: node }
      : {
          detail: node,
          fix: 'run "npm ci", then use "npm start" or "npx": both use Node.js 24 of node_modules',
        },
};

const python: DoctorCheck = {
  name: 'Python with venv',
  look: async ({ env }) => {
    const { path, version } = await findPython({ env });
    return { detail: `${version} (${path})` };
  },
};

const STATES = {
  ready: 'ready',
  none: 'not made yet; "cordon up" makes it',
  damaged: 'damaged; "cordon up" makes it anew',
  half: 'half made; "cordon up" goes on with it',
  stale: 'made from another lock file; "cordon up" makes it again',
} as const;

const environment: DoctorCheck = {
  name: 'Virtual environment',
  look: (place) => ({ detail: STATES[venvState(place)] }),
};

const ports: DoctorCheck = {
  name: 'Ports',
  look: async ({ root, port }) => {
    const own = runningUps(root).map((up) => up.port);
    if (own.includes(port)) return { detail: `${port} is used by cordon itself` };
    const bad = badPortOf(port);
    if (bad !== undefined)
      return {
        detail: `browsers and fetch refuse port ${bad}`,
        fix: `use --port ${nextBlock(port)}`,
      };
    const block = Array.from({ length: PORTS }, (_, offset) => port + offset);
    const free = await Promise.all(block.map(portFree));
    const taken = block
      .filter((_, index) => !free[index])
      .map((number) => `${number} (${by(listenerOf(number))})`);
    const detail = `${port} to ${port + PORTS - 1}`;
    return taken.length === 0
      ? { detail: `${detail} are free` }
      : { detail: `in use: ${taken.join(', ')}`, fix: `stop it, or use --port ${nextBlock(port)}` };
  },
};

const by = (pid: number | undefined): string =>
  pid === undefined ? 'by another program' : `by process ${pid}`;

const disk: DoctorCheck = {
  name: 'Disk and write access',
  look: ({ root }) => {
    prepareDisk(root);
    return { detail: `${freeMegabytes(join(root, '.cordon'))} MB free, .cordon can be written` };
  },
};

const cdk: DoctorCheck = {
  name: 'CDK command line',
  look: ({ root }) => {
    const wanted = String(
      field(field(readJson(join(root, 'package.json')), 'devDependencies'), 'aws-cdk'),
    );
    const installed = String(
      field(readJson(join(root, 'node_modules/aws-cdk/package.json')), 'version') ?? 'none',
    );
    return installed === wanted
      ? { detail: installed }
      : { detail: `found ${installed}, wanted ${wanted}`, fix: 'run "npm ci"' };
  },
};

const lock: DoctorCheck = {
  name: 'Engine lock file',
  look: (folders) =>
    existsSync(join(projectOf(folders), 'local/engine/requirements.txt'))
      ? { detail: 'local/engine/requirements.txt' }
      : {
          detail: 'missing',
          fix: 'restore local/engine/requirements.txt, or install the package again',
        },
};

const functions: DoctorCheck = {
  name: 'Isolation of functions',
  look: async (place) => ({ detail: (await probeIsolation(place)).text }),
};

const running: DoctorCheck = {
  name: 'Running',
  look: ({ root }) => ({
    detail:
      runningUps(root)
        .map((up) => `port ${up.port} (process ${up.pid}${up.ready ? '' : ', starting'})`)
        .join(', ') || 'nothing',
  }),
};

/** What a local run needs. */
export const localChecks: readonly DoctorCheck[] = [
  nodeVersion,
  python,
  lock,
  environment,
  ports,
  disk,
  ...(isPackage ? [] : [cdk]), // only a checkout is deployed with it
  functions,
  running,
];

const confirmFix =
  'confirm the link in the mail of SNS; it expires after 3 days, then deploy again';

/** The addresses that have not confirmed; SNS gives them this instead of an ARN. */
export const pendingText = (
  subscriptions: readonly Pick<Subscription, 'Endpoint' | 'SubscriptionArn'>[],
): string => {
  const addresses = subscriptions
    .filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation')
    .map(({ Endpoint = '' }) => printable(Endpoint, 100));
  return addresses.length === 0 ? '' : `: ${addresses.join(', ')}`;
};

/** SNS sends nothing to an unconfirmed subscription, and has no metric that shows it. */
export const awsSubscriptions: DoctorCheck = {
  name: 'Mail subscriptions',
  look: async () => {
    const place = await awsPlace();
    const TopicArn = output(place, 'CordonResponse', 'TopicArn');
    const sns = new SNSClient({ region: place.region });
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    const [confirmed, pending] = [
      Number(Attributes.SubscriptionsConfirmed ?? 0),
      Number(Attributes.SubscriptionsPending ?? 0),
    ];
    const detail = `${confirmed} confirmed, ${pending} not confirmed`;
    if (confirmed === 0)
      return {
        detail,
        fix:
          'nobody receives mails: confirm the link in the mail of SNS, ' +
          'or set notify in cordon.config.json and deploy',
      };
    if (pending === 0) return { detail };
    const { Subscriptions = [] } = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn }),
    );
    return { detail: `${detail}${pendingText(Subscriptions)}`, fix: confirmFix };
  },
};

/** The identity that the AWS SDK finds. */
export const awsIdentity: DoctorCheck = {
  name: 'AWS identity',
  look: async () => ({ detail: (await awsCaller()).arn }),
};
