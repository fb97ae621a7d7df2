import { report as reportPage } from '../../report-templates/compiled.js';
import { json, type Piece, type Store, store } from '../evidence/store.ts';
import { reportCsv } from './csv.ts';
import { reportData } from './data.ts';
import type { ReportInput } from './input.ts';
import { ocsf } from './ocsf.ts';
import { glanceNumbers } from './record.ts';
import { reportView } from './report-view.ts';
import { reportText } from './text.ts';

/** Every form of one report. Pure. */
export const forms = (input: ReportInput) => {
  const view = reportView(input);
  const numbers = glanceNumbers(input);
  return {
    view,
    numbers,
    html: reportPage(view),
    text: reportText(view),
    json: json(reportData(input, view, numbers)),
    csv: reportCsv(input),
    ocsf: json(ocsf(input, view)),
  };
};

const types = {
  html: 'text/html; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  ocsf: 'application/json',
} as const;

const extensions = {
  html: 'html',
  text: 'txt',
  json: 'json',
  csv: 'csv',
  ocsf: 'ocsf.json',
} as const;

/** Writes the report in every form; the notifier needs only what this returns. */
export const makeReport = async (input: ReportInput, to: Store) => {
  const { incident, version } = input;
  const report = forms(input);
  const save = (form: keyof typeof types) => {
    const piece: Piece = {
      path: `report/v${version}.${extensions[form]}`,
      body: report[form],
      type: types[form],
      source: 'Cordon',
    };
    return store(to, incident.head, piece);
  };
  const [html, text, jsonFile, csv, event] = await Promise.all([
    save('html'),
    save('text'),
    save('json'),
    save('csv'),
    save('ocsf'),
  ]);
  const { open, rotate, changed, glance } = report.view;
  return {
    kind: 'report',
    name: `report${version}`,
    status: 'ok',
    html: html.key,
    text: text.key,
    json: jsonFile.key,
    csv: csv.key,
    ocsf: event.key,
    numbers: report.numbers,
    now: glance.now,
    open: open.slice(0, 8).map(({ what }) => what),
    rotate: rotate.slice(0, 8).map(({ what, why }) => `${what}: ${why}`),
    changed: changed.slice(0, 10),
    entries: [html, text, jsonFile, csv, event],
  } as const;
};
