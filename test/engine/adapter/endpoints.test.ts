import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedGet } from '../../../local/engine/signed-request.ts';
import { type Engine, startEngine } from './engine.ts';

const folder = join(import.meta.dirname, '../../../local/engine/adapter/corrections');

describe('the adapter lists', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  test('every installed correction, each with a file of its own', async () => {
    const corrections = await engine.get('/_cordon/corrections');
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.py') && name !== '__init__.py')
      .map((name) => name.slice(0, -3));

    expect(corrections).toEqual(
      files.map(() =>
        expect.objectContaining({ name: expect.any(String), upstream: expect.any(String) }),
      ),
    );
    expect(
      Array.isArray(corrections) &&
        corrections.map((correction: { name: string }) => correction.name).sort(),
    ).toEqual(files.sort());
    expect(corrections).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          wrong: expect.stringMatching(/\.$/),
          aws: expect.stringMatching(/AWS|Amazon|IAM/),
        }),
      ]),
    );
  });

  test('what a local run cannot prove, in sentences', async () => {
    const sentences = await engine.get('/_cordon/not-proven');

    expect(sentences).toContainEqual(expect.stringMatching(/^IAM propagation time: /));
    // A subject, a colon, and a sentence.
    const isNoSentence = (sentence: unknown) =>
      !/^[^.:]+(:[^.:]+)?: [^.]+\.$/.test(String(sentence));
    expect(Array.isArray(sentences) && sentences.filter(isNoSentence)).toEqual([]);
  });

  test('nothing about resources that were not emulated when there are none', async () => {
    expect(await engine.get('/_cordon/not-emulated')).toEqual([]);
  });

  test('nothing without the signature of the root key', async () => {
    const page = `${engine.endpoint}/_cordon/corrections`;
    const wrong = { ...engine.rootKey, secretAccessKey: 'wrong' };
    const unsigned = await fetch(page);
    const wronglySigned = await signedGet({ ...engine, rootKey: wrong }, '/_cordon/corrections');

    expect([unsigned.status, wronglySigned.status]).toEqual([403, 403]);
  });

  test('that it knows no other page', async () => {
    expect((await signedGet(engine, '/_cordon/else')).status).toBe(404);
    expect((await fetch(`${engine.endpoint}/_cordon/corrections`, { method: 'POST' })).status).toBe(
      405,
    );
  });
});
