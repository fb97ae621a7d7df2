import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import type { Collecting, CollectorOutput } from '../../collector.ts';
import { answer, reasonOf } from './answer.ts';
import { aliasesOf, mostAliases } from './suspect.ts';

/** Who may call it: of the function, and of each alias on its own. */
export const resourcePolicies = async function* (
  FunctionName: string,
  from: Collecting,
): CollectorOutput {
  const qualifiers: (string | undefined)[] = [undefined];
  try {
    qualifiers.push(...(await aliasesOf(FunctionName, from)).items.map(({ Name }) => Name));
  } catch (error) {
    yield { what: 'resource policies of aliases', why: reasonOf(error) };
  }
  for (const [number, Qualifier] of qualifiers.slice(0, 1 + mostAliases).entries()) {
    const request = { FunctionName, ...(Qualifier && { Qualifier }) };
    yield await answer({
      path:
        number === 0
          ? 'function/resource-policy.json'
          : `function/resource-policies/alias-${number}.json`,
      call: 'lambda:GetPolicy',
      request,
      ask: () => from.lambda.send(new GetPolicyCommand(request), { abortSignal: from.signal }),
    });
  }
  const rest = qualifiers.length - 1 - mostAliases;
  if (rest > 0)
    yield {
      what: `resource policies of ${rest} aliases`,
      why: `only ${mostAliases} aliases are asked about one by one`,
    };
};
