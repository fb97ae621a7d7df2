import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import type { Case, Mail } from '../../responders/incident/case.ts';
import type { ReportStage, Stage } from '../../responders/incident/stage.ts';
import { capped, linesWithCodes, printable } from '../../responders/shared/printable.ts';
import type { Mask } from '../../responders/shared/redact.ts';
import { reportQuery } from '../schemas/requests.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { caseIn } from './one-case.ts';
import { everybody, type ReadDeps } from './read-deps.ts';
import { type StoredDeps, storedText } from './stored-text.ts';

interface WrittenReport {
  readonly round: number;
  readonly version: 1 | 2;
  readonly stage: ReportStage;
}

const isReport = (stage: Stage): stage is ReportStage => stage.kind === 'report';

/** The reports of all rounds, the oldest first: each round of containment has two versions. */
const writtenReports = ({ earlierStages, stages }: Case): readonly WrittenReport[] =>
  [...earlierStages, ...stages]
    .filter(isReport)
    .map(
      (stage): WrittenReport => ({
        round: stage.round,
        version: stage.name === 'report1' ? 1 : 2,
        stage,
      }),
    )
    .sort((left, right) => left.round - right.round || left.version - right.version);

/** SNS takes no longer mail. */
const longestMail = 262_144;

/** The mails were masked when they were made; what is stored is still read as foreign text. */
const shownMail = ({ kind, subject, at, round, body }: Mail, mask: Mask) => ({
  kind,
  subject: printable(mask(subject), 200),
  at,
  round,
  body: body === undefined ? null : linesWithCodes(capped(mask(body), longestMail)),
});

/** `GET /incidents/{id}/report`: the versions, the text of one, and the mails that were sent. */
export const report = (deps: ReadDeps & StoredDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { version, round } = read(reportQuery, request.query, 'query');
  const known = await caseIn(request, deps.table);
  const written = writtenReports(known);
  const shown = written.findLast(
    (each) => (version ?? each.version) === each.version && (round ?? each.round) === each.round,
  );
  if (shown === undefined && (version !== undefined || round !== undefined))
    throw new HttpProblem(404, `${known.head.id} has no such version of its report yet.`);
  const text = shown && (await storedText(deps, known, shown.stage.text));
  return {
    status: 200,
    body: {
      incidentId: known.head.id,
      versions: written.map(({ round: of, version: number, stage }) => ({
        round: of,
        version: number,
        html: stage.html,
        json: stage.json,
        csv: stage.csv,
        numbers: stage.numbers,
        changed: stage.changed,
      })),
      shown: shown === undefined ? null : { round: shown.round, version: shown.version },
      /** The report itself is masked when it is made. */
      text: text ?? null,
      mails: known.mails
        .map((mail) => shownMail(mail, deps.mask))
        .sort((left, right) => left.at - right.at),
    },
  };
};
