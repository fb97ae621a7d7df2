import { describe } from 'vitest';
import { sized } from '../../support/run.ts';
import { everyCaseAt, signalTable } from '../launcher/signal-table.ts';

describe('a signal', () => {
  signalTable(sized([['drill', 'node', 'SIGHUP']], everyCaseAt('drill')));
});
