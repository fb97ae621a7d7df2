import { authorize } from '../api/authorize.ts';
import { userPool } from './user-pool.ts';

export const handler = authorize(userPool());
