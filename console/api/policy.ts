import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import { explain } from '../../responders/decide/explain.ts';
import { adviceOf } from '../../responders/decide/finding-advice.ts';
import table from '../../responders/decide/finding-types.json' with { type: 'json' };
import { rowOf, type TypeRow, tableDay } from '../../responders/decide/finding-types.ts';
import { alwaysExempt } from '../../responders/decide/never-contain.ts';
import type { Settings } from '../../responders/decide/settings.ts';
import { type Finding, parseFinding } from '../../responders/finding/finding.ts';
import { identify } from '../../responders/finding/identify.ts';
import { EdgeError } from '../../responders/shared/errors.ts';
import { printable } from '../../responders/shared/printable.ts';
import { maskAll } from '../../responders/shared/redact.ts';
import { explainBody } from '../schemas/requests.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { everybody, type ReadDeps } from './read-deps.ts';

export interface PolicyDeps extends Pick<ReadDeps, 'mask' | 'now'> {
  readonly settings: Settings;
}

/** JSON has no infinity: `never` is null. */
const severities = ({ contain, ask, tell, family, isKnown }: TypeRow) => {
  const from = (severity: number) => (Number.isFinite(severity) ? severity : null);
  return { contain: from(contain), ask: from(ask), tell, family, isKnown };
};

/** `GET /policy`: what Cordon does about each finding type, and what it never contains. */
export const policy = (deps: PolicyDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { settings } = deps;
  const { neverContain, suppressions, observe, breaker, criticalTier, approvalMinutes } = settings;
  const ownArn = (arn: string): string =>
    arn.replace('${partition}', settings.partition).replace('${account}', settings.account);
  const types = table.families.flatMap((family) => family.types);
  return {
    status: 200,
    body: {
      asOf: tableDay,
      minSeverity: settings.minSeverity,
      types: types.map((type) => ({ type, ...severities(rowOf(type, settings)) })),
      alwaysExempt: alwaysExempt.map(({ arn, because }) => ({ arn: ownArn(arn), because })),
      neverContain,
      suppressions,
      observe,
      breaker,
      twoPersons: settings.twoPersons,
      criticalTier,
      approval: { minutes: approvalMinutes, onTimeout: settings.onTimeout },
    },
  };
};

const findingIn = (given: unknown): Finding => {
  try {
    return parseFinding(given, false);
  } catch (error) {
    if (!(error instanceof EdgeError)) throw error;
    throw new HttpProblem(400, 'This is no event of a GuardDuty finding.', {
      fields: [{ pointer: '/finding', detail: printable(error.message, 300) }],
    });
  }
};

/** `POST /policy/explain`: what the policy would say about a finding, and which rules it asks. */
export const policyExplain = (deps: PolicyDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { settings, mask, now } = deps;
  const finding = findingIn(read(explainBody, request.body, 'body').finding);
  const { type, severity } = finding;
  const { advice, open } = adviceOf(type);
  const explained = explain({ finding, identified: identify(finding), settings, now: now() });
  return {
    status: 200,
    body: {
      finding: { type: printable(mask(type), 100), severity },
      table: severities(rowOf(type, settings)),
      open,
      advice,
      ...Object(maskAll(explained, (text) => printable(mask(text), 400))),
    },
  };
};
