// A process of its own: what a report of 5,000 rows costs a function that has just started, and
// what it takes at most.
import { forms } from '../../responders/report/make.ts';
import { sampleInput } from '../preview/samples.ts';

const rows = 5_000;
const start = Date.parse('2026-11-21T09:00:00Z');

const input = () => {
  const sample = sampleInput();
  if (!sample.timeline.ok) throw new Error('the sample has no timeline');
  const { timeline } = sample.timeline;
  const many = Array.from({ length: rows }, (_none, n) => {
    const [of, at] = [
      timeline.rows[n % timeline.rows.length],
      new Date(start + n * 700).toISOString(),
    ];
    if (!of) throw new Error('the sample has no rows');
    return {
      ...of,
      at,
      until: at,
      count: 1,
      action: `${of.action}-${n}`,
      resources: [`arn:aws:s3:::bucket/${'k'.repeat(80)}/${n}`],
    };
  });
  return {
    ...sample,
    timeline: { ok: true as const, timeline: { ...timeline, events: rows, rows: many } },
  };
};

const made = input();
const [began, before] = [performance.now(), process.cpuUsage()];
const { html } = forms(made);
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({
    rows,
    ms,
    cpuMs: (user + system) / 1_000,
    peakMb: process.resourceUsage().maxRSS / 1_024,
    kb: Buffer.byteLength(html) / 1_000,
  }),
);
