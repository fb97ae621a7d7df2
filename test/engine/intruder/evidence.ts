// What an attempt leaves in the evidence of its incident.
import { expect } from 'vitest';
import { readCase } from '../../../responders/incident/read-case.ts';
import { jsonIn } from '../../../responders/shared/json.ts';
import { folderOfIncident, objectsUnder } from '../evidence/incident.ts';
import { awaited, type Desk } from './case.ts';

const objectsOf = ({ cordon }: Desk, id: string, folder = '') =>
  objectsUnder(cordon, `${folderOfIncident(id)}${folder}`, false);

/**
 * Once the evidence of a contained incident was collected: its folder holds every finding as it was
 * judged, each target as it was before Cordon changed it, and what the workload was.
 */
export const expectEvidence = async (
  desk: Desk,
  id: string,
  ...paths: readonly string[]
): Promise<void> => {
  const { head, stages, findings, befores } = await awaited(desk, id, 'collected', (incident) =>
    incident.stages.some(({ name, round }) => name === 'evidence' && round === incident.head.round),
  );
  expect(stages.find(({ name }) => name === 'evidence')?.status).toBe('ok');
  // Each round of containment has a folder of its own.
  const folder = head.round > 1 ? `round-${head.round}/` : '';
  const objects = await objectsOf(desk, id, folder);
  const said = (path: string): string => objects.get(path)?.toString() ?? `no ${path}`;
  const [first] = findings;
  expect(said(`findings/${first?.updatedAt}.json`)).toBe(first?.raw);
  const records = jsonIn(said('cordon/before-records.json'));
  // The watch may have stored further ones since.
  expect(befores).toEqual(expect.arrayContaining(Array.isArray(records) ? records : [records]));
  expect(records).not.toEqual([]);
  expect([...objects.keys()]).toEqual(expect.arrayContaining(['role/role.json', ...paths]));
};

/** Nothing was collected about what is only told or asked about; the case keeps what arrived. */
export const expectNoEvidence = async (desk: Desk, id: string, arrived: object): Promise<void> => {
  const { findings, befores, actions } = await readCase(desk.table, id);
  expect(findings.map(({ raw }) => jsonIn(raw))).toEqual([expect.objectContaining(arrived)]);
  expect([befores, actions]).toEqual([[], []]);
  expect([...(await objectsOf(desk, id)).keys()]).toEqual([]);
};

/** The versions of everything in the folder, which no attempt may change. */
export const evidenceNow = async (desk: Desk, id: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    [...(await objectsOf(desk, id))].map(([path, bytes]) => [path, bytes.toString('base64')]),
  );
