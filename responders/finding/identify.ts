import { isName, parseFunctionArn, parseRoleArn } from '../shared/names.ts';
import { printable } from '../shared/printable.ts';
import type { Finding } from './finding.ts';

/** A function and its role, as the finding names them. */
export interface NamedFunction {
  readonly kind: 'function';
  readonly functionName: string;
  readonly roleName: string;
  /** Claims of the finding, compared with the account before anything is changed. */
  readonly claimed: { readonly roleArn?: string; readonly roleId?: string };
}

/** The suspect as the finding names it. The names have passed `isName`, so AWS accepts them. */
export type Named = NamedFunction;

export type Identified = { readonly named: Named } | { readonly cannot: string };

const fromLambda = (
  { functionArn, functionName, role }: NonNullable<Finding['lambda']>,
  { account, region }: Finding,
): Identified => {
  const arn = parseFunctionArn(functionArn);
  const roleArn = parseRoleArn(role);
  if (arn?.name !== functionName)
    return {
      cannot: `the function ARN ${printable(functionArn, 80)} does not name ${functionName}`,
    };
  if (arn.account !== account || arn.region !== region)
    return { cannot: 'the function ARN names another account or region than the finding' };
  if (!roleArn) return { cannot: `${printable(role, 80)} is not the ARN of a role` };
  return {
    named: {
      kind: 'function',
      functionName,
      roleName: roleArn.name,
      claimed: { roleArn: role },
    },
  };
};

/** A Lambda role session is named after its function: `AROA…:<function>`. */
const fromAccessKey = ({
  principalId,
  userName,
  userType,
}: NonNullable<Finding['accessKey']>): Identified => {
  const [roleId = '', session = '', ...rest] = principalId.split(':');
  if (userType !== 'AssumedRole' && userType !== 'Role')
    return {
      cannot: `Cordon reports findings about ${printable(userType, 40)}, and does not contain them`,
    };
  if (!/^AROA[A-Z0-9]{12,}$/.test(roleId) || rest.length > 0 || !isName('function', session))
    return { cannot: `the session ${printable(principalId, 80)} is not one of a Lambda function` };
  if (!isName('role', userName))
    return { cannot: `${printable(userName, 80)} is not the name of a role` };
  return {
    named: { kind: 'function', functionName: session, roleName: userName, claimed: { roleId } },
  };
};

/** The names in the resource of a finding, or the reason why there are none. Pure. */
export const identify = (finding: Finding): Identified => {
  if (finding.lambda) return fromLambda(finding.lambda, finding);
  if (finding.accessKey) return fromAccessKey(finding.accessKey);
  return {
    cannot:
      `Cordon reports findings about ${printable(finding.resourceType, 40)}, ` +
      'and does not contain them',
  };
};
