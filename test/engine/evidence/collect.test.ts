import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { verify } from '../../../responders/evidence/verify.mjs';
import { at, isRecord } from '../../../responders/shared/json.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';
import { faultsOf } from '../../support/responders/evidence/schemas.ts';
import {
  caseOf,
  collect,
  folderOfIncident,
  incidentAbout,
  makeVictim,
  objectsUnder,
  pulled,
  seal,
  secret,
} from './incident.ts';

let cordon: OwnDeployed;
let incident: string;
let folder: string;
let objects: ReadonlyMap<string, Buffer>;
beforeAll(async () => {
  cordon = await deployed();
  await makeVictim(cordon, 'victim');
  incident = await incidentAbout(cordon, 'victim');
  await collect(cordon, incident);
  await seal(cordon, incident);
  objects = await objectsUnder(cordon, folderOfIncident(incident));
  folder = await pulled(cordon, incident);
});
afterAll(async () => {
  if (folder) rmSync(folder, { recursive: true });
  await cordon?.engine.stop();
});

const parsed = (path: string): unknown => JSON.parse(objects.get(path)?.toString() ?? 'null');
const gapsOf = (manifest: unknown): readonly unknown[] => {
  const gaps = at(manifest, 'gaps');
  return Array.isArray(gaps) ? gaps : [];
};

describe('what is collected', () => {
  it('is everything that can be read about the workload, in files that Cordon named', () => {
    expect(
      [...objects.keys()].map((path) => path.replace(/^findings\/\d+/, 'findings/N')).sort(),
    ).toEqual(
      [
        'cloudtrail/about-function.jsonl',
        'cloudtrail/about-role.jsonl',
        'cloudtrail/by-session.jsonl',
        'cordon/before-records.json',
        'cordon/what-cordon-did.json',
        'findings/N.json',
        'function/aliases.json',
        'function/code-listing.json',
        'function/code-signing.json',
        'function/code.zip',
        'function/concurrency.json',
        'function/configuration.json',
        'function/environment-names.json',
        'function/event-invoke-configs.json',
        'function/event-sources.json',
        'function/provisioned-concurrency/alias-1.json',
        'function/resource-policies/alias-1.json',
        'function/resource-policy.json',
        'function/runtime-management.json',
        'function/tags.json',
        'function/urls.json',
        'function/versions.json',
        ...['1', '2'].flatMap((version) =>
          ['code-listing.json', 'code.zip', 'configuration.json', 'environment-names.json'].map(
            (file) => `function/versions/${version}/${file}`,
          ),
        ),
        'index.html',
        'layers/1/content-listing.json',
        'layers/1/content.zip',
        'layers/1/description.json',
        'layers/1/policy.json',
        'manifest.json',
        'manifest.sig',
        'public-key.pem',
        'role/attached.json',
        'role/attached/1.json',
        'role/functions.json',
        'role/inline.json',
        'role/inline/1.json',
        'role/instance-profiles.json',
        'role/role.json',
        'role/tags.json',
        'verify.mjs',
      ].sort(),
    );
  });

  it('has the code of every version, and says where a link led to something else than AWS described', () => {
    const listed = at(parsed('manifest.json'), 'objects');
    const codes = (Array.isArray(listed) ? listed : []).filter((one) =>
      /code\.zip$/.test(String(at(one, 'path'))),
    );

    // The engine's link always leads to the newest code, so for the older versions what came is not
    // what was described.
    expect(codes.map((one) => at(one, 'path'))).toEqual([
      'function/code.zip',
      'function/versions/1/code.zip',
      'function/versions/2/code.zip',
    ]);
    expect(
      gapsOf(parsed('manifest.json'))
        .filter((gap) => /not what AWS described/.test(String(at(gap, 'why'))))
        .map((gap) => at(gap, 'what')),
    ).toEqual(['function/versions/1/code.zip', 'function/versions/2/code.zip']);
  });

  it('marks our own deny, and says what Cordon had changed before it was read', () => {
    expect(at(parsed('role/attached/1.json'), 'ours')).toMatch(/Cordon attached this policy/);
    expect(at(parsed('function/concurrency.json'), 'ours')).toMatch(/contain\.pause-function/);
    expect(at(parsed('function/urls.json'), 'ours')).toMatch(/contain\.close-function-url/);
    expect(at(parsed('function/tags.json'), 'ours')).toBeUndefined();
  });

  it('keeps secrets in the configurations of the locked bucket and nowhere else', async () => {
    const holders = [...objects]
      .filter(([, bytes]) => bytes.includes(secret))
      .map(([path]) => path);
    const logs = new CloudWatchLogsClient(clientConfig(cordon));
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/lambda/EvidenceCollectionLambda' }),
    );

    expect(holders.sort()).toEqual([
      'function/configuration.json',
      'function/versions/1/configuration.json',
      'function/versions/2/configuration.json',
    ]);
    expect(JSON.stringify(await caseOf(cordon, incident))).not.toContain(secret);
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(objects.get('index.html')?.toString()).toContain('PASSWORD');
  });

  it('keeps no link to code anywhere', async () => {
    const withLinks = [...objects]
      .filter(([, bytes]) => /_ministack|X-Amz-Signature/.test(bytes.toString('latin1')))
      .map(([path]) => path);

    expect(withLinks).toEqual([]);
    expect(JSON.stringify(await caseOf(cordon, incident))).not.toMatch(
      /_ministack|X-Amz-Signature/,
    );
  });
});

describe('the manifest', () => {
  it('is what its schema says', () => {
    expect(faultsOf('manifest', parsed('manifest.json'))).toEqual([]);
  });

  it('pins version, lock and origin of every object, and states when it was taken', () => {
    const listed = at(parsed('manifest.json'), 'objects');
    const all = Array.isArray(listed) ? listed.filter(isRecord) : [];
    const early = all
      .filter(({ taken }) => taken === 'before containment')
      .map(({ path }) => String(path).replace(/\d+/, 'N'));

    expect(all.length).toBe(objects.size - 2);
    for (const one of all) {
      expect(one.versionId).toMatch(/\S/);
      expect(Date.parse(String(one.retainUntil)) - Date.now()).toBeGreaterThan(0.9 * 86_400_000);
    }
    expect(early).toEqual(['cordon/before-records.json', 'findings/N.json']);
    expect(all.find(({ path }) => path === 'role/role.json')?.requestId).toMatch(/\S/);
  });

  it('verifies offline, with the stored verifier too', async () => {
    const key = readFileSync(join(folder, 'public-key.pem'));

    expect(await verify(folder, { key, copied: true })).toMatchObject({ ok: true, findings: [] });
    expect(
      execFileSync(process.execPath, [join(folder, 'verify.mjs'), '--copied'], {
        encoding: 'utf8',
      }),
    ).toMatch(/^VERIFIED/);
  });

  it('names what is missing, with reasons', () => {
    const manifest = parsed('manifest.json');

    expect(gapsOf(manifest).map((gap) => String(at(gap, 'what')).replace(/,.*/, ''))).toEqual([
      'function/versions/1/code.zip',
      'function/versions/2/code.zip',
      'log events of /aws/lambda/victim', // of its own time: a drill has no day before it
      'log events later than the collection',
      'functions with this role in other regions',
      'CloudTrail data events',
    ]);
  });
});

describe('repeating', () => {
  it('changes nothing: neither collecting nor sealing stores a second version of anything', async () => {
    await collect(cordon, incident);
    await seal(cordon, incident);

    expect(await objectsUnder(cordon, folderOfIncident(incident))).toEqual(objects);
  });

  it('links incidents that are sealed at once into one chain', async () => {
    const others = ['one', 'two', 'three', 'four'];
    for (const name of others) await makeVictim(cordon, name);
    const ids = await Promise.all(others.map((name) => incidentAbout(cordon, name)));
    await Promise.all(ids.map((id) => collect(cordon, id)));
    await Promise.all(ids.map((id) => seal(cordon, id)));

    const manifests = await Promise.all(
      [incident, ...ids].map(
        async (id): Promise<unknown> =>
          JSON.parse(
            (await objectsUnder(cordon, folderOfIncident(id))).get('manifest.json')?.toString() ??
              '',
          ),
      ),
    );
    const previous = new Set(manifests.map((manifest) => at(manifest, 'previous.sha256')));
    expect(manifests.map((manifest) => Number(at(manifest, 'sequence'))).sort()).toEqual([
      1, 2, 3, 4, 5,
    ]);
    expect(previous.size).toBe(5);
  });
});
