import type { Point } from '../../report-templates/view.ts';
import { copiesOf, type FunctionSuspect } from '../incident/suspect.ts';
import { placeOf } from '../shared/function-place.ts';

type WithCopies = Pick<FunctionSuspect, 'copies'>;

/** Whom the containment of a function hits in other regions; nothing where it has no copies. */
export const copySentences = (suspect: WithCopies): readonly string[] => {
  const { contained, left } = copiesOf(suspect);
  const denied = left.map(({ place }) => place);
  return [
    ...(contained.length > 0
      ? [`Contained as well, with the same name and role: ${contained.join(', ')}.`]
      : []),
    ...(denied.length > 0
      ? [`Denied as well, because its sessions have the same name: ${denied.join(', ')}.`]
      : []),
  ];
};

/** Copies that may still start, each with the reason. */
export const leftCopies = (suspect: WithCopies): readonly Point[] =>
  copiesOf(suspect).left.map(({ place, left }) => {
    const { functionName, region } = placeOf(place);
    const where = region === undefined ? 'in the region of the deployment' : `in ${region}`;
    return {
      what: `The function ${functionName} ${where}, of the same name and role, may still start`,
      why: left,
    };
  });
