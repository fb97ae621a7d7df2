import * as z from 'zod';
import { count, documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({ products: count, customers: count });

export type AppSeedDocument = Printed<typeof document>;

export const schema = documentOf('cordon app seed --json', document);
