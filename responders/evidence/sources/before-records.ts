import type { Collector } from '../collector.ts';
import { json } from '../store.ts';

export const beforeRecords: Collector = {
  id: 'collect.before-records',
  title: 'The before-records: what each target looked like before Cordon changed it',
  when: 'at once',
  about: 'incident',
  calls: [],
  async *collect({ befores }) {
    if (befores.length === 0) return;
    yield {
      path: 'cordon/before-records.json',
      body: json(befores),
      type: 'application/json',
      source: 'dynamodb:Query',
      readAt: Math.min(...befores.map(({ since }) => since)),
    };
  },
};
