// The same fast-check for every test: the run says its seed, and can be given one.
import fc from 'fast-check';
import { seed } from './run.ts';

fc.configureGlobal({ seed: seed() });

export default fc;
