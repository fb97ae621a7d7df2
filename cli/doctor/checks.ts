import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { badPortOf, nextBlock } from '../../local/engine/blocks.ts';
import { runningUps } from '../../local/engine/connect.ts';
import { freeMegabytes, prepareDisk } from '../../local/engine/disk.ts';
import { field, readJson } from '../../local/engine/parse.ts';
import { listenerOf, portFree } from '../../local/engine/port.ts';
import { findPython } from '../../local/engine/python.ts';
import { PORTS } from '../../local/engine/run-dir.ts';
import type { Env } from '../../local/engine/run-program.ts';
import { venvState } from '../../local/engine/venv.ts';
import { awsCaller, awsPlace, output } from '../../operator/place.ts';

/** What a check looks at. */
export interface Place {
  readonly root: string;
  readonly env: Env;
  readonly port: number;
  readonly node: string;
}

/** What a check found; without `fix` all is well. */
export interface Found {
  readonly detail: string;
  readonly fix?: string;
}

/** One line of `cordon doctor`. A check that throws has failed, and its message is the fix. */
export interface Check {
  readonly name: string;
  look(place: Place): Found | Promise<Found>;
}

const nodeVersion: Check = {
  name: 'Node.js',
  look: ({ node }) =>
    Number.parseInt(node, 10) >= 24
      ? { detail: node }
      : {
          detail: node,
          fix: 'run "npm ci", then use "npm start" or "npx": both use Node.js 24 of node_modules',
        },
};

const python: Check = {
  name: 'Python with venv',
  look: async ({ env }) => {
    const { path, version } = await findPython({ env });
    return { detail: `${version} (${path})` };
  },
};

const STATES = {
  ready: 'ready',
  none: 'not made yet; "cordon up" makes it',
  half: 'half made; "cordon up" goes on with it',
  stale: 'made from another lock file; "cordon up" makes it again',
} as const;

const environment: Check = {
  name: 'Virtual environment',
  look: (place) => ({ detail: STATES[venvState(place)] }),
};

const ports: Check = {
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
      .map((one) => `${one} (${by(listenerOf(one))})`);
    const detail = `${port} to ${port + PORTS - 1}`;
    return taken.length === 0
      ? { detail: `${detail} are free` }
      : { detail: `in use: ${taken.join(', ')}`, fix: `stop it, or use --port ${nextBlock(port)}` };
  },
};

const by = (pid: number | undefined): string =>
  pid === undefined ? 'by another program' : `by process ${pid}`;

const disk: Check = {
  name: 'Disk and write access',
  look: ({ root }) => {
    prepareDisk(root);
    return { detail: `${freeMegabytes(join(root, '.cordon'))} MB free, .cordon can be written` };
  },
};

const cdk: Check = {
  name: 'CDK command line',
  look: ({ root }) => {
    const wanted = String(
      field(field(readJson(join(root, 'package.json')), 'devDependencies'), 'aws-cdk'),
    );
    const found = String(
      field(readJson(join(root, 'node_modules/aws-cdk/package.json')), 'version') ?? 'none',
    );
    return found === wanted
      ? { detail: found }
      : { detail: `found ${found}, wanted ${wanted}`, fix: 'run "npm ci"' };
  },
};

const lock: Check = {
  name: 'Engine lock file',
  look: ({ root }) =>
    existsSync(join(root, 'local/engine/requirements.txt'))
      ? { detail: 'local/engine/requirements.txt' }
      : { detail: 'missing', fix: 'restore local/engine/requirements.txt from version control' },
};

const running: Check = {
  name: 'Running',
  look: ({ root }) => ({
    detail:
      runningUps(root)
        .map((up) => `port ${up.port} (process ${up.pid}${up.ready ? '' : ', starting'})`)
        .join(', ') || 'nothing',
  }),
};

/** Everything a local run needs. */
export const localChecks: readonly Check[] = [
  nodeVersion,
  python,
  lock,
  environment,
  ports,
  disk,
  cdk,
  running,
];

/** A person who never confirmed the subscription is told nothing, and no metric of SNS says so. */
export const awsSubscriptions: Check = {
  name: 'Mail subscriptions',
  look: async () => {
    const place = await awsPlace();
    const TopicArn = output(place, 'CordonResponse', 'TopicArn');
    const { Attributes = {} } = await new SNSClient({ region: place.region }).send(
      new GetTopicAttributesCommand({ TopicArn }),
    );
    const [confirmed, pending] = [
      Number(Attributes.SubscriptionsConfirmed ?? 0),
      Number(Attributes.SubscriptionsPending ?? 0),
    ];
    const detail = `${confirmed} confirmed, ${pending} not confirmed`;
    if (confirmed === 0)
      return {
        detail,
        fix: 'nobody receives mails: confirm the link in the mail of SNS, or set notify in cordon.config.json and deploy',
      };
    return pending > 0
      ? {
          detail,
          fix: 'confirm the link in the mail of SNS; it expires after 3 days, then deploy again',
        }
      : { detail };
  },
};

/** Who we would be on AWS. */
export const awsIdentity: Check = {
  name: 'AWS identity',
  look: async () => ({ detail: (await awsCaller()).arn }),
};
