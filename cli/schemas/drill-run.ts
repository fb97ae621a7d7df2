import { drillResult } from '../drill/result-schema.ts';
import { documentOf, type Printed } from './parts/document.ts';

export type DrillRunDocument = Printed<typeof drillResult>;

export const schema = documentOf('cordon drill run --json', drillResult);
