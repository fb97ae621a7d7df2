import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Aws } from './aws.ts';
import { quoted } from './shell.ts';

/** A function, with its region where that is not the region of the deployment. */
export interface FunctionPlace {
  readonly functionName: string;
  readonly region?: string | undefined;
}

/** How targets name a function: `orders`, or `eu-west-1/orders` in a further region. */
export const placeText = ({ functionName, region }: FunctionPlace): string =>
  region === undefined ? functionName : `${region}/${functionName}`;

/** Reads what `placeText` wrote; neither a name nor a region may contain a slash. */
export const placeOf = (text: string): FunctionPlace => {
  const [functionName = '', region] = text.split('/').toReversed();
  return { functionName, region };
};

/** Lambda in the region of the deployment, or in a further region of the configuration. */
export const lambdaIn = (region: string | undefined, { lambda, further }: Aws): LambdaClient => {
  const client = region === undefined ? lambda : further.get(region);
  if (client) return client;
  throw new Error(
    `${region} is no region of the configuration any more: add it to furtherRegions, and deploy`,
  );
};

/** What calls about a function need. */
export interface FunctionCall {
  readonly lambda: LambdaClient;
  readonly FunctionName: string;
}

/** Where and under which name the function that a target names is called. */
export const callsTo = (target: string, aws: Aws): FunctionCall => {
  const { functionName, region } = placeOf(target);
  return { lambda: lambdaIn(region, aws), FunctionName: functionName };
};

/** The options of the `aws` command that name the function of a target. */
export const functionOptions = (target: string): string => {
  const place = placeOf(target);
  return `--function-name ${quoted(place.functionName)}${regionOption(place)}`;
};

/** The option of the `aws` command for a function of a further region. */
export const regionOption = ({ region }: FunctionPlace): string =>
  region === undefined ? '' : ` --region ${quoted(region)}`;
