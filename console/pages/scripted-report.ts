// What the API answers about the report of an incident: two versions, and the mails.

/** The text of a report; what the second version knows better is filled in. */
const reportText = (id: string, version: number, calls: number, lastAllowed: string): string =>
  [
    'CONTAINED: thumbnailer is denied every action, and paused',
    '',
    `Report on ${id}, version ${version}`,
    '',
    'What happened',
    '  The function looked up names of a mining pool for 5 minutes before GuardDuty wrote the',
    '  finding. Cordon denied its role 2.1 s after the finding was received.',
    '',
    'What was reached',
    `  bucket images: ${calls} reads, no change`,
    '  <script>alert(1)</script> is what one object is called',
    '',
    'When',
    '  first activity   2026-11-21 16:37:12 UTC',
    '  finding          2026-11-21 16:42:24 UTC',
    `  last allowed     ${lastAllowed}`,
    '  first denied     2026-11-21 16:42:31 UTC',
    '',
    'What is still open',
    '  Code that is already running, until it ends: 15 minutes at most.',
    ...(version === 1
      ? ['', 'This is version 1: CloudTrail is some minutes late.']
      : ['', 'Nothing was found in other regions.']),
    '',
  ].join('\n');

const mailText = (id: string): string =>
  [
    'What:   thumbnailer looks up names of a mining pool',
    'State:  CONTAINED: its role is denied every action, and the function is paused',
    `Show:   cordon show ${id} --aws`,
    '<script>alert(1)</script>',
  ].join('\n');

/** The second version as the API shows it, and the first one. */
export const reportsOf = (incident: { readonly id: string; readonly mails: readonly object[] }) => {
  const report = {
    incidentId: incident.id,
    versions: [
      {
        ...{ round: 1, version: 1, html: 'v1.html', json: 'v1.json', csv: 'v1.csv' },
        ...{ numbers: null, changed: [] },
      },
      {
        ...{ round: 1, version: 2, html: 'v2.html', json: 'v2.json', csv: 'v2.csv', numbers: null },
        changed: ['Calls of the attacker: 14 → 19', 'Last allowed call: 16:42:24 → 16:42:26'],
      },
    ],
    shown: { round: 1, version: 2 },
    text: reportText(incident.id, 2, 19, '2026-11-21 16:42:26 UTC'),
    mails: incident.mails.map((mail, index) => ({
      ...{ ...mail, round: 1, body: index === 0 ? null : mailText(incident.id) },
    })),
  };
  const firstReport = {
    ...{ ...report, shown: { round: 1, version: 1 } },
    text: reportText(incident.id, 1, 14, '2026-11-21 16:42:24 UTC'),
  };
  return { report, firstReport };
};
