import { Aws } from 'aws-cdk-lib';

const here = {
  partition: Aws.PARTITION,
  account: Aws.ACCOUNT_ID,
  region: Aws.REGION,
};

/** A text of the configuration with `${partition}`, `${account}` and `${region}` filled in. */
export const fillIn = (text: string, place: typeof here = here): string =>
  text
    .replaceAll('${partition}', place.partition)
    .replaceAll('${account}', place.account)
    .replaceAll('${region}', place.region);
