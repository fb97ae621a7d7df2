import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { wantedSettings } from '../../responders/decide/settings.ts';
import { wantedJson } from '../../responders/shared/wanted.ts';
import { drills } from '../api/drills.ts';
import { health } from '../api/health.ts';
import { incident } from '../api/incident.ts';
import { incidents } from '../api/incidents.ts';
import { now } from '../api/now.ts';
import { policy, policyExplain } from '../api/policy.ts';
import { question } from '../api/question.ts';
import { releasePreview } from '../api/release-preview.ts';
import { report } from '../api/report.ts';
import { timeline } from '../api/timeline.ts';
import { buckets, consoleApi, ownPlace, readDeps, variable } from './environment.ts';

const settingsName = 'CONSOLE_SETTINGS';
const settings = wantedSettings(
  { [settingsName]: wantedJson(variable(settingsName), settingsName) },
  settingsName,
);
const deps = readDeps();
const stored = { ...deps, s3: new S3Client({}), buckets: buckets() };

/** `ConsoleReadLambda`: shows, and changes nothing. */
export const handler = consoleApi({
  'GET /now': now(deps),
  'GET /incidents': incidents(deps),
  'GET /incidents/{id}': incident(stored),
  'GET /incidents/{id}/question': question(deps),
  'GET /incidents/{id}/release-preview': releasePreview(deps),
  'GET /incidents/{id}/timeline': timeline(stored),
  'GET /incidents/{id}/report': report(stored),
  'GET /drills': drills(deps),
  'GET /policy': policy({ ...deps, settings }),
  'POST /policy/explain': policyExplain({ ...deps, settings }),
  'GET /health': health({
    ...deps,
    settings,
    place: ownPlace(),
    sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
  }),
});
