import { decisionsDocument } from './decide.ts';
import { documentOf } from './parts/document.ts';

export const schema = documentOf('cordon approve --json', decisionsDocument);
