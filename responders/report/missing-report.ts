import type { Case } from '../incident/case.ts';
import { isReportMissing } from '../incident/last-report.ts';
import { quoted } from '../shared/shell.ts';
import type { Show } from './shown.ts';
import { type CommandScope, showCommand } from './words.ts';

/** The reports of an execution that goes on after all need not say that they were missing. */
const isToTell = (incident: Case, kind: string): boolean =>
  kind === 'hold' && isReportMissing(incident);

/** In the subject of the mail. Each of the three is empty where no report is missing. */
export const missingReportOccasion = (incident: Case, kind: string): string =>
  isToTell(incident, kind) ? 'REPORTS MISSING ' : '';

/** The command asks in the region of its caller, which may be another one. */
const regionOption = (executionArn: string): string => {
  const region = executionArn.split(':')[3];
  return region === undefined ? '' : ` --region ${region}`;
};

/** What to do first where an execution ended before the last report. */
export const missingReportStep = (incident: Case, kind: string, scope: CommandScope): string => {
  if (!isToTell(incident, kind)) return '';
  const { id, execution } = incident.head;
  const again = scope.aws
    ? `aws stepfunctions redrive-execution${regionOption(execution)} ` +
      `--execution-arn ${quoted(execution)}`
    : showCommand(id, scope);
  return `Have its evidence and reports made: ${again} (if it hangs, stop it first). `;
};

/** Why a person must look at the execution. */
export const missingReportText = (incident: Case, kind: string, show: Show): string =>
  isToTell(incident, kind)
    ? [
        'The last report is overdue: the execution was stopped, has failed or hangs.',
        'Find out in CloudTrail whether somebody stopped it (StopExecution):',
        show(incident.head.execution, 300),
      ].join(' ')
    : '';
