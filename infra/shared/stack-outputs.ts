import { CfnOutput, type Stack } from 'aws-cdk-lib';

/** Adds an output per key; scripts rely on the names. */
export const stackOutputs = (stack: Stack, values: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(values)) new CfnOutput(stack, name, { value });
};
