import { join } from 'node:path';
import { freePort } from '../../game-day/engine/port.ts';
import { startEngine } from '../../game-day/engine/start.ts';
import { ask, prepare, upload } from './trail-place.ts';
import { files, lastDay, type Shape, utc } from './trail-world.ts';

const root = join(import.meta.dirname, '../..');
const shape: Shape = { days: 30, filesPerDay: 50, eventsPerFile: 1_000 };

/** Nine times as many days before the first: the same bytes under older names, which a bounded query must not even open. */
const older = function* (body: Buffer): Generator<{ key: string; body: Buffer }> {
  for (let index = 0; index < shape.days * 9; index += 1) {
    const day = utc(lastDay - (shape.days + index) * 86_400_000)
      .slice(0, 10)
      .replaceAll('-', '/');
    for (let number = 0; number < shape.filesPerDay; number += 1)
      yield { key: `AWSLogs/111122223333/CloudTrail/eu-west-1/${day}/old-${number}.json.gz`, body };
  }
};

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const mb = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

const three = async (at: { endpoint: string }, what: string): Promise<void> => {
  for (const round of [1, 2, 3]) {
    const { ms, bytes, queries, precision, recall, found } = await ask(at, `${what} ${round}`);
    say(
      `${what}, run ${round}: ${ms} ms, ${queries} queries read ${mb(bytes)}, ${found} events, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
    );
  }
};

/** `node tools/bench/timeline.ts`: 1.5 million events with an attack among them, then the same trail ten times older. */
const main = async (): Promise<void> => {
  const engine = await startEngine({ root, port: await freePort(), by: 'bench' });
  try {
    await prepare(engine);
    const put = await upload(engine, files(shape));
    say(`${shape.days * shape.filesPerDay * shape.eventsPerFile} events of ${shape.days} days in ${put.files} files, ${mb(put.bytes)}`);
    await three(engine, `${shape.days} days`);
    const [first] = files(shape);
    const more = await upload(engine, older(first?.body ?? Buffer.alloc(0)));
    say(`${more.files} older files more, ${mb(more.bytes)}`);
    await three(engine, `${shape.days * 10} days`);
  } finally {
    await engine.stop();
  }
};

await main();
