import type { ReportView } from '../../report-templates/view.ts';
import type { IncidentState } from '../incident/incident.ts';
import type { ReportInput } from './input.ts';
import { showWith } from './shown.ts';
import { severityBand } from './words.ts';

/** 1 new · 2 in progress · 3 on hold · 4 resolved · 5 closed */
const status: Readonly<Record<IncidentState, readonly [number, string]>> = {
  open: [1, 'New'],
  'awaiting-approval': [3, 'On Hold'],
  contained: [2, 'In Progress'],
  partial: [2, 'In Progress'],
  'not-contained': [2, 'In Progress'],
  contested: [2, 'In Progress'],
  unanswered: [1, 'New'],
  'notify-only': [1, 'New'],
  suppressed: [1, 'New'],
  forged: [1, 'New'],
  released: [4, 'Resolved'],
};

const severities = {
  LOW: [2, 'Low'],
  MEDIUM: [3, 'Medium'],
  HIGH: [4, 'High'],
  CRITICAL: [5, 'Critical'],
} as const;

const attacks = ({ timeline }: ReportInput, show: (text: string) => string): object[] =>
  timeline.ok
    ? timeline.timeline.attack.techniques.slice(0, 50).map(({ id, name }) => ({
        version: show(timeline.timeline.attack.version),
        technique: { uid: show(id), name: show(name) },
      }))
    : [];

/** Who has found it. */
const productOf = ({ byHand }: ReportInput['incident']['head']) =>
  byHand ? { name: 'Cordon', vendor_name: 'Cordon' } : { name: 'GuardDuty', vendor_name: 'AWS' };

/**
 * The incident as an OCSF 1.8 Incident Finding (class 2005), for a SIEM. Pure; nothing of 1.9 is
 * used.
 */
export const ocsf = (input: ReportInput, { verdict, glance, title }: ReportView) => {
  const { incident, version, place, timeline, now } = input;
  const { head } = incident;
  const show = showWith(place.mask);
  const [statusId, statusName] = status[head.state];
  const [severityId, severityName] = severities[severityBand(head.finding.severity)];
  const activityId = version === 1 ? 1 : 2;
  const seen = timeline.ok ? timeline.timeline : undefined;
  const millis = (iso: string | null | undefined) => (iso ? { at: Date.parse(iso) } : undefined);
  return {
    metadata: {
      version: '1.8.0',
      profiles: ['incident', 'cloud'],
      product: { name: 'Cordon', vendor_name: 'Cordon' },
      uid: `${head.id}/${version}`,
      logged_time: now,
    },
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2005,
    class_name: 'Incident Finding',
    activity_id: activityId,
    activity_name: version === 1 ? 'Create' : 'Update',
    type_uid: 200_500 + activityId,
    type_name: `Incident Finding: ${version === 1 ? 'Create' : 'Update'}`,
    time: Date.parse(head.openedAt),
    severity_id: severityId,
    severity: severityName,
    status_id: statusId,
    status: statusName,
    confidence: { high: 'High', medium: 'Medium', low: 'Low' }[verdict.confidence.word],
    confidence_id: { high: 3, medium: 2, low: 1 }[verdict.confidence.word],
    desc: `${verdict.headline}. ${glance.contained}`,
    message: title,
    assignee_group: { name: 'Security team' },
    cloud: {
      provider: 'AWS',
      account: { uid: show(head.finding.account, 20) },
      region: show(head.finding.region, 30),
    },
    is_suspected_breach: seen
      ? seen.reached.some(({ reads, changes }) => reads + changes > 0)
      : false,
    finding_info_list: [
      {
        uid: show(head.finding.id, 64),
        title: show(head.finding.title, 300),
        types: [show(head.finding.type, 120)],
        modified_time: head.finding.updatedAt,
        product: productOf(head),
        ...(millis(seen?.firstSeen) && { first_seen_time: millis(seen?.firstSeen)?.at }),
        ...(millis(seen?.lastSeen) && { last_seen_time: millis(seen?.lastSeen)?.at }),
        attacks: attacks(input, show),
      },
    ],
    unmapped: {
      cordon: { incident: head.id, report: version, drill: head.drill, state: head.state },
    },
  };
};
