import { expect, it } from 'vitest';
import { toCsv } from '../../../../responders/timeline/csv.ts';
import type { TimelineEvent } from '../../../../responders/timeline/timeline.ts';

const event: TimelineEvent = {
  at: '=cmd|1',
  id: '+1',
  whose: 'suspect',
  actor: '-1',
  key: '',
  account: '111122223333',
  region: 'eu-west-1',
  action: '@x',
  reads: true,
  resources: ['\t=1'],
  parameters: '{}',
  sourceIp: ' =2+5',
  userAgent: 'a"b\r\n=c',
  outcome: 'allowed',
  phase: 'after',
  techniques: ['T1530'],
};

it('a spreadsheet takes every cell of the timeline as text', () => {
  const [head = '', row = ''] = toCsv([event]).split(/\r\n(?=")/);

  expect(head.split(',').slice(0, 4)).toEqual(['at', 'whose', 'actor', 'action']);
  expect(row).toContain(
    `"'=cmd|1","suspect","'-1","'@x","'\t=1","allowed","after","","T1530","' =2+5","a""b\r\n=c"`,
  );
  expect(row).toContain(`"'+1"`);
});
