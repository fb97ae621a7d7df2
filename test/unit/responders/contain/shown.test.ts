import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import {
  isKept,
  namesOfCase,
  shownFinding,
  wasShown,
} from '../../../../responders/contain/shown.ts';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import { identify } from '../../../../responders/finding/identify.ts';
import type { Case } from '../../../../responders/incident/case.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

const unreadable = JSON.stringify({ detail: { id: 7 } });
const aws = { further: new Map() };

/** A question about `orders`, with these texts as the stored findings. */
const storedCase = async (...raws: readonly string[]): Promise<Case> => {
  const { deps } = fakeDeps();
  const event = lambdaFinding({ severity: 5 });
  const { incidentId } = await containFinding({ event, execution: 'e', drill: false }, deps);
  const incident = await readCase(deps.table, incidentId);
  const [first] = incident.findings;
  if (!first) throw new Error('no finding was stored');
  return {
    ...incident,
    findings: raws.map((raw, index) => ({ ...first, updatedAt: first.updatedAt + index, raw })),
  };
};
const readable = JSON.stringify(lambdaFinding({ severity: 5 }));
const withoutNames = ({ head: { names: _names, ...head }, ...incident }: Case): Case => ({
  ...incident,
  head,
});

describe('whom an incident is about', () => {
  it('an older Cordon has kept with the finding alone', async () => {
    const incident = await storedCase(readable);
    expect(namesOfCase(incident)).toHaveLength(1);
    expect(namesOfCase(withoutNames(incident))).toEqual(namesOfCase(incident));
  });

  it.each([[[]], [[unreadable]]])('is nobody where nothing can be read: %j', async (raws) => {
    expect(namesOfCase(withoutNames(await storedCase(...raws)))).toEqual([]);
  });

  it('is nobody who is not among its names', async () => {
    const { head, ...incident } = await storedCase(readable);
    const identified = identify(parseFinding(lambdaFinding({ severity: 5 }), false));
    if ('cannot' in identified) throw new Error(identified.cannot);
    const isShown = (names: readonly string[]) =>
      wasShown({ ...incident, head: { ...head, names } }, aws)(identified.named);
    expect([isShown(head.names ?? []), isShown([])]).toEqual([true, false]);
  });
});

describe('the finding that a person was shown', () => {
  it('is the newest that can be read and names the suspect', async () => {
    expect(shownFinding(await storedCase(readable, unreadable), aws)).toBe(readable);
  });

  it('is the newest where none names anybody, and none where none was stored', async () => {
    expect(shownFinding(await storedCase(unreadable, '{}'), aws)).toBe('{}');
    expect(shownFinding(await storedCase(), aws)).toBe('');
  });
});

it('a revision is kept only where its time and its names are', async () => {
  const finding = parseFinding(lambdaFinding({ severity: 5 }), false);
  const incident = await storedCase(readable);
  const at = (updatedAt: number) => ({ ...finding, updatedAt });
  const [stored] = incident.findings;
  expect(isKept(incident, at(stored?.updatedAt ?? 0))).toBe(true);
  expect(isKept(incident, at(1))).toBe(false);
  expect(isKept(await storedCase(unreadable), at(stored?.updatedAt ?? 0))).toBe(false);
});
