import { explain } from '../local/engine/disk-errors.ts';
import { caseTable } from '../operator/cases.ts';
import { putEvent } from '../operator/event-bus.ts';
import type { Place } from '../operator/place.ts';
import { holdsWithin } from '../operator/wait.ts';
import { readCase } from '../responders/incident/read-case.ts';
import type { Score } from '../responders/incident/score.ts';
import type { DrillResult } from './result.ts';

/**
 * The words and numbers of a result that may be mailed. Details of checks quote the account, so
 * they are not sent.
 */
const scoreOf = ({
  scenario,
  incidentId,
  checks,
  restored,
  clocks,
}: DrillResult): Record<keyof Score, unknown> => {
  const { injected, firstDenied } = clocks;
  return {
    scenario,
    incidentId: incidentId || null,
    checks: checks.length,
    failed: checks.filter(({ passed }) => !passed).map(({ name }) => name),
    restored,
    firstDeniedMs:
      typeof injected === 'number' && typeof firstDenied === 'number'
        ? Math.max(0, firstDenied - injected)
        : null,
  };
};

const wasMailed = async (place: Place, id: string): Promise<boolean> => {
  const table = await caseTable(place);
  return holdsWithin(
    async () => (await readCase(table, id)).mails.some(({ kind }) => kind === 'drill'),
    30_000,
  );
};

/**
 * Puts the result on the drill bus, whose rule has it mailed. A failure is printed and changes no
 * score. A drill that sent no finding says nothing about Cordon, so its result is not mailed: the
 * mail would report a finding as lost.
 */
export const sendResult = async (
  place: Place,
  result: DrillResult,
  progress: (line: string) => void,
): Promise<void> => {
  if (result.clocks.injected === null)
    return progress('the drill sent no finding, so its result is not mailed to the security team');
  try {
    const sent = await putEvent(place, 'drills', {
      detailType: 'Drill Result',
      detail: scoreOf(result),
    });
    if ('refused' in sent)
      return progress(`the security team was NOT told of the result: ${sent.refused}`);
    if (result.incidentId === '') return progress('the result is on its way to the security team');
    const mailed = await wasMailed(place, result.incidentId);
    progress(
      mailed
        ? 'the security team was told of the result'
        : 'no mail of the result within 30 s: look at the log of NotifyLambda',
    );
  } catch (error) {
    progress(`the security team was NOT told of the result: ${explain(error, '.cordon').message}`);
  }
};
