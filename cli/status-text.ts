import { caseOf, caseTable, idsInState } from '../operator/cases.ts';
import { maskOf, type Place } from '../operator/place.ts';
import type { Case } from '../responders/incident/case.ts';
import type { IncidentState } from '../responders/incident/incident.ts';
import type { Table } from '../responders/incident/table.ts';
import { showCommand, workload } from '../responders/report/words.ts';
import { printable } from '../responders/shared/printable.ts';
import type { Mask } from '../responders/shared/redact.ts';
import type { ExitCode, Output } from './output.ts';
import type { StatusDocument } from './schemas/status.ts';

type ListedIncident = StatusDocument['contained'][number];

const casesIn = async (
  table: Table,
  states: readonly IncidentState[],
): Promise<readonly Case[]> => {
  const openings = await Promise.all(states.map((state) => idsInState(table, state)));
  const cases = await Promise.all(openings.flat().map(({ id }) => caseOf(table, id)));
  return cases.toSorted((left, right) => right.head.openedAt.localeCompare(left.head.openedAt));
};

const listed = ({ head }: Case): ListedIncident => ({
  id: head.id,
  state: head.state,
  drill: head.drill,
  openedAt: head.openedAt,
  about: workload(head),
});

/** Reads what `cordon status` shows. */
export const statusOf = async (place: Place): Promise<StatusDocument> => {
  const [table, mask] = [await caseTable(place), maskOf(place)];
  const [bad, underWay, contained, waiting] = await Promise.all([
    casesIn(table, ['partial', 'not-contained', 'contested']),
    casesIn(table, ['open']),
    casesIn(table, ['contained']),
    casesIn(table, ['awaiting-approval']),
  ]);
  const mails = [...bad, ...underWay, ...contained, ...waiting].flatMap(
    (incident) => incident.mails,
  );
  const lastMail = mails.toSorted((left, right) => right.at - left.at)[0];
  return {
    place: {
      account: place.account,
      region: place.region,
      endpoint: place.local?.endpoint ?? null,
    },
    needsAction: bad.map(listed),
    underWay: underWay.map(listed),
    contained: contained.map(listed),
    questions: waiting.map((incident) => questionOf(incident, mask)),
    lastMail: lastMail
      ? { at: new Date(lastMail.at).toISOString(), subject: lastMail.subject }
      : null,
  };
};

const questionOf = (
  { head: { id, decision, timeLimit } }: Case,
  mask: Mask,
): StatusDocument['questions'][number] => ({
  id,
  reason: mask(decision.reason),
  deadline: timeLimit ? new Date(timeLimit.endsAt).toISOString() : null,
});

const incidentLines = (title: string, incidents: readonly ListedIncident[]): string[] =>
  incidents.length === 0
    ? []
    : [
        title,
        ...incidents.map(
          ({ id, state, drill, about }) => `  ${id} ${state}${drill ? ' (drill)' : ''}: ${about}`,
        ),
      ];

/** The text of a status: what needs a person comes first. */
export const statusLines = (status: StatusDocument): string[] => {
  const { place, questions, lastMail } = status;
  const where = place.endpoint ? `local run at ${place.endpoint}` : 'AWS';
  const lines = [
    ...incidentLines('✘ Not or only partly contained: act now', status.needsAction),
    ...(questions.length === 0 ? [] : ['✘ Questions that wait for you']),
    ...questions.map(
      ({ id, reason, deadline }) =>
        `  ${id}: ${printable(reason)}; answer by ${deadline ?? 'an unknown time'}: ` +
        `cordon decide ${id}${place.endpoint ? '' : ' --aws'} --contain | --leave`,
    ),
    ...incidentLines('Containment is under way', status.underWay),
    ...incidentLines('✔ Contained, not released yet', status.contained),
  ];
  const urgent = [...status.needsAction, ...questions, ...status.underWay, ...status.contained][0];
  return [
    `Cordon, ${where} (account ${place.account}, ${place.region})`,
    ...(lines.length > 0 ? lines : ['✔ Nothing is contained, and nothing waits for you']),
    ...(lastMail ? [`Last mail of these: ${lastMail.at} ${printable(lastMail.subject, 120)}`] : []),
    ...(urgent ? [`Next: ${showCommand(urgent.id, { aws: place.endpoint === null })}`] : []),
  ];
};

/** Prints the status; exit code 3 when something needs a person now. */
export const printStatus = async (out: Output, place: Place): Promise<ExitCode> => {
  const status = await statusOf(place);
  out.line(statusLines(status).join('\n'));
  out.document<StatusDocument>(status);
  return status.needsAction.length + status.questions.length > 0 ? 3 : 0;
};
