import type { Scenario } from './scenario.ts';
import { lambdaCredentialTheft } from './scenarios/lambda-credential-theft.ts';
import { productServiceBackdoor } from './scenarios/product-service-backdoor.ts';
import { sharedRoleFunction } from './scenarios/shared-role-function.ts';

/** Every drill. Adding one is a file and a line here. */
export const scenarios: readonly Scenario[] = [
  lambdaCredentialTheft,
  sharedRoleFunction,
  productServiceBackdoor,
];
