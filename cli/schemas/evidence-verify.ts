import { documentOf, type Printed } from './parts/document.ts';
import { verification } from './parts/evidence.ts';

export type EvidenceVerifyDocument = Printed<typeof verification>;

export const schema = documentOf(
  'cordon evidence verify --json, and verify.mjs --json',
  verification,
);
