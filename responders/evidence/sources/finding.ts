import type { Collector } from '../collector.ts';

export const finding: Collector = {
  id: 'collect.finding',
  title: 'The finding, every revision as it arrived',
  when: 'at once',
  about: 'incident',
  calls: [],
  async *collect({ findings, head }) {
    for (const { updatedAt, raw } of findings)
      yield {
        path: `findings/${updatedAt}.json`,
        body: raw,
        type: 'application/json',
        source: 'events:PutEvents',
        readAt: head.clocks.received ?? Date.parse(head.openedAt),
      };
  },
};
