import { describe, expect, it } from 'vitest';
import type { Collecting } from '../../../../responders/evidence/collector.ts';
import { collectors } from '../../../../responders/evidence/collectors.ts';
import { keysOf } from '../../../../responders/incident/stage.ts';
import { pathOf, type ReportInput } from '../../../../responders/report/input.ts';
import { forms } from '../../../../responders/report/make.ts';
import { isCredential } from '../../../../responders/report/rotate.ts';
import { isRecord } from '../../../../responders/shared/json.ts';
import { inState, provisional, sampleInput } from '../../../../tools/preview/samples.ts';
import { jq } from '../../../support/responders/report/jq.ts';

/** What the folder of the sample holds: the timeline, and what is written when it is sealed. */
const folderOf = async (input: ReportInput): Promise<ReadonlyMap<string, unknown>> => {
  const files = new Map<string, unknown>();
  const collector = collectors.find(({ id }) => id === 'collect.what-cordon-did');
  const nothing: unknown = {};
  for await (const piece of collector?.collect(input.incident, nothing as Collecting) ?? [])
    if ('path' in piece && 'body' in piece) files.set(piece.path, JSON.parse(String(piece.body)));
  if (input.timeline.ok)
    files.set(
      `timeline/pass-${input.timeline.timeline.pass}.json`,
      structuredClone(input.timeline.timeline),
    );
  return files;
};

/** Every object that the manifest will list. */
const manifestOf = ({ incident }: ReportInput): ReadonlySet<string> =>
  new Set(
    keysOf(incident.stages).map(pathOf).concat('cordon/what-cordon-did.json', 'manifest.json'),
  );

const inputs = {
  final: sampleInput(),
  provisional: provisional(),
  partial: inState('partial'),
  'notify-only': inState('notify-only'),
};

describe.each(Object.entries(inputs))('in the report %s', (_name, input) => {
  const { view, html } = forms(input);

  it('each number is what its filter finds in its object', async () => {
    const folder = await folderOf(input);
    const recounted = view.counted.map(({ label, path, count }) => ({
      label,
      value: String(jq(count, folder.get(path))),
    }));

    expect(view.counted.map(({ label, value }) => ({ label, value }))).toEqual(recounted);
    expect(view.counted.length).toBeGreaterThan(10);
    const did = folder.get('cordon/what-cordon-did.json');
    expect(view.clocks.map(({ name, at }) => [name, at.iso])).toEqual(
      view.clocks.map(({ name }) => [
        name,
        new Date(Number(jq(`.head.clocks.${name}`, did))).toISOString(),
      ]),
    );
  });

  it('each part that shows a number names an object that the manifest lists, and links it', () => {
    const manifest = manifestOf(input);
    for (const [part, paths] of Object.entries(view.sources)) {
      const shown = JSON.stringify(isRecord(view) ? view[part] : null);
      const counts = /\d/.test(
        shown.replaceAll(/"(?:iso|sha256|command|why|how|check)":"[^"]*"/g, ''),
      );
      if (counts && shown !== '[]') expect({ part, paths }).not.toEqual({ part, paths: [] });
      for (const path of paths) {
        expect(manifest).toContain(path);
        expect(html).toContain(`<a href="../${path}">${path}</a>`);
      }
    }
    for (const { path } of view.counted) expect(manifest).toContain(path);
  });
});

it('the three answers on the first screen count what stands below', () => {
  const { view } = forms(sampleInput());
  const credentials = view.rotate.filter(isCredential);
  expect(credentials.length).toBeLessThan(view.rotate.length);
  expect(view.glance.now).toContain(`Rotate ${credentials.length} credentials`);
  expect(view.glance.open).toContain(`${view.open.length - 1} more points below`);
});

it('the sentence of the timeline has the numbers of the table', () => {
  const { view } = forms(sampleInput());
  const numbers = [
    ...view.timeline.sentence.replace(/CloudTrail .*/, '').matchAll(/\d[\d,]*/g),
  ].map(([one]) => one.replaceAll(',', ''));
  const known = new Set(view.counted.map(({ value }) => value));
  expect(numbers.filter((one) => !known.has(one))).toEqual([]);
});

it('a timeline that is not there is named nowhere', () => {
  const { view } = forms(sampleInput({ timeline: { ok: false, why: 'gone' } }));
  expect(JSON.stringify(view.counted)).not.toContain('timeline/');
  expect(view.sources.reached).toEqual([]);
});
