import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import type { Case } from '../../responders/incident/case.ts';
import { type ReportStage, reportStage } from '../../responders/incident/stage.ts';
import { printable } from '../../responders/shared/printable.ts';
import { reportQuery } from '../schemas/requests.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { caseIn } from './one-case.ts';
import { everybody, type ReadDeps } from './read-deps.ts';
import { type StoredDeps, storedText } from './stored-text.ts';

const versions = ({ stages }: Case): readonly (readonly [1 | 2, ReportStage])[] =>
  ([1, 2] as const).flatMap((version) => {
    const stage = reportStage(stages, version);
    return stage ? [[version, stage] as const] : [];
  });

/** `GET /incidents/{id}/report`: the versions, the text of one, and the mails that were sent. */
export const report = (deps: ReadDeps & StoredDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { version } = read(reportQuery, request.query, 'query');
  const known = await caseIn(request, deps.table);
  const written = versions(known);
  const [shown, stage] = written.findLast(([number]) => (version ?? number) === number) ?? [];
  if (version !== undefined && stage === undefined)
    throw new HttpProblem(404, `${known.head.id} has no version ${version} of its report yet.`);
  const text = stage && (await storedText(deps, known, stage.text));
  return {
    status: 200,
    body: {
      incidentId: known.head.id,
      versions: written.map(([number, { html, json, csv, numbers, changed }]) => ({
        version: number,
        html,
        json,
        csv,
        numbers,
        changed,
      })),
      shown: shown ?? null,
      /** The report itself is masked when it is made. */
      text: text ?? null,
      mails: known.mails
        .map(({ kind, subject, at, round }) => ({
          kind,
          subject: printable(deps.mask(subject), 200),
          at,
          round,
        }))
        .sort((left, right) => left.at - right.at),
    },
  };
};
