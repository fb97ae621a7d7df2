import { canariesOf } from '../../../game-day/canaries.ts';
import {
  commandAndControl,
  credentialExfiltration,
  type FindingDetail,
} from '../../../game-day/findings.ts';
import type { Place } from '../../../operator/place.ts';
import { isRecord } from '../../../responders/shared/json.ts';

/** A copy with the value at a dotted path replaced, or removed where there is none. */
export const changed = (
  detail: FindingDetail,
  path: string,
  ...value: readonly unknown[]
): FindingDetail => {
  const [key = '', ...rest] = path.split('.');
  const { [key]: old, ...others } = detail;
  if (rest.length > 0)
    return { ...others, [key]: changed(isRecord(old) ? old : {}, rest.join('.'), ...value) };
  return value.length === 0 ? others : { ...others, [key]: value[0] };
};

export interface Findings {
  /** About canary-culprit, which would be contained as it is. */
  readonly beacon: FindingDetail;
  /** About the session of canary-solo, which would be contained but for the id of its role. */
  readonly theft: FindingDetail;
}

/** Findings that are right but for what a test changes in them; new ids with every call. */
export const findings = (place: Place): Findings => {
  const { account, region } = place;
  const { culprit, sharedRole, solo, soloRole } = canariesOf(place);
  const at = new Date();
  return {
    beacon: commandAndControl({
      account,
      region,
      at,
      functionName: culprit,
      functionArn: `arn:aws:lambda:${region}:${account}:function:${culprit}`,
      roleArn: `arn:aws:iam::${account}:role/${sharedRole}`,
    }),
    theft: credentialExfiltration({
      account,
      region,
      at,
      accessKeyId: 'ASIAEXAMPLEEXAMPLE12',
      roleId: 'AROAEXAMPLEEXAMPLE12',
      roleName: soloRole,
      functionName: solo,
    }),
  };
};
