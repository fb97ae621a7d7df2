import type { Collector } from '../core/collector.ts';

export const finding: Collector = {
  id: 'collect.finding',
  title: 'The finding, every revision as it arrived',
  calls: [],
  collect: async ({ findings }) => ({
    pieces: findings.map(({ updatedAt, raw }) => ({
      path: `findings/${updatedAt}.json`,
      body: raw,
      type: 'application/json',
      source: 'EventBridge',
    })),
  }),
};
