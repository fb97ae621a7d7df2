import { suspectRecord } from '../../incident/suspect.ts';
import type { Collector } from '../collector.ts';
import { json } from '../store.ts';

export const whatCordonDid: Collector = {
  id: 'collect.what-cordon-did',
  title: 'What Cordon decided, did and saw: decision, actions, clocks, stages, mails',
  when: 'sealing',
  about: 'incident',
  calls: [],
  async *collect({ head, findings, actions, stages, mails }) {
    const brief = stages.map(({ name, status, ms, error }) => ({ name, status, ms, error }));
    const known = { ...head, suspect: suspectRecord(head.suspect) };
    const body = json({ head: known, revisions: findings.length, actions, stages: brief, mails });
    yield {
      path: 'cordon/what-cordon-did.json',
      body,
      type: 'application/json',
      source: 'dynamodb:Query',
    };
  },
};
