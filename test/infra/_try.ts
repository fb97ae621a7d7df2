import { bringUp } from '../../game-day/engine/bring-up.ts';

const t = performance.now();
try {
  const { engine, connection } = await bringUp({ root: '/work/main', port: 4950, env: process.env, say: (l) => console.log(l) });
  console.log('up', Math.round(performance.now() - t), JSON.stringify(connection, null, 1), engine.runDir);
  setTimeout(() => engine.stop().then(() => process.exit(0)), 1000 * Number(process.argv[2] ?? 5));
} catch (e) {
  console.log('FAILED', e);
  process.exit(1);
}
