import { describe, expect, it, vi } from 'vitest';
import type { Letter } from '../../../../responders/report/mail.ts';
import { send, sweep } from '../../../../responders/report/outbox.ts';
import { notice, office } from '../../../support/responders/report/office.ts';

const deadline = Number.POSITIVE_INFINITY;

describe('the outbox', () => {
  it('sends one notice as it was written', async () => {
    const { post, published, told } = office();

    expect(await send(post, notice(1), deadline)).toBe('sent');

    expect(published.map(({ letter }) => letter.subject)).toEqual([notice(1).subject]);
    expect(told).toEqual([`${notice(1).incident} flash`]);
  });

  it('1,000 notices at once: at most one mail a second, each incident named in one of them, each told once', async () => {
    const { post, published, told, items } = office();

    await Promise.all(
      Array.from({ length: 1_000 }, (_, number) => send(post, notice(number), deadline)),
    );

    const gaps = published.slice(1).map(({ at }, index) => at - (published[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
    const text = published.map(({ letter }) => `${letter.subject}\n${letter.body}`).join('\n');
    for (let number = 0; number < 1_000; number += 1)
      expect(text).toContain(notice(number).incident);
    expect(new Set(told).size).toBe(1_000);
    expect([...items.keys()].filter((key) => key.includes('WAIT#'))).toEqual([]);
    for (const { letter } of published)
      expect(Buffer.byteLength(letter.body)).toBeLessThanOrEqual(8_192);
  });

  it('1,000 forged findings are a few mails, and a question stands before them', async () => {
    const { post, published } = office();
    const forged = (number: number) => ({
      ...notice(number),
      subject: `Cordon FORGED finding: ${notice(number).incident}, Backdoor:Lambda/C&CActivity.B`,
    });

    await Promise.all([
      ...Array.from({ length: 1_000 }, (_, number) => send(post, forged(number), deadline)),
      send(post, notice(1_000, 'ask'), deadline),
    ]);

    expect(published.length).toBeLessThan(25);
    const digest = published.find(({ letter }) => letter.subject.includes('digest'));
    expect(digest?.letter.body.split('\n').find((line) => line.startsWith('* '))).toContain(
      notice(1_000).incident,
    );
  });

  it('who must decide stands first', async () => {
    const { post, published } = office();
    await Promise.all(
      [1, 2, 3].map((number) =>
        send(post, notice(number, number === 3 ? 'ask' : 'flash'), deadline),
      ),
    );

    const digest = published.find(({ letter }) => letter.subject.includes('digest'));

    expect(digest?.letter.body.split('\n').find((line) => line.startsWith('* '))).toContain(
      '00000003',
    );
  });

  it('a newer notice of the same kind that comes while the older is sent is sent as well', async () => {
    const { sender, published, items } = office();
    const post = sender();
    const [older, newer] = [notice(1, 'hold'), { ...notice(1, 'hold'), at: 2, subject: 'newer' }];
    let isFirst = true;
    const publish = async (letter: Letter): Promise<void> => {
      await post.publish(letter);
      if (!isFirst) return;
      isFirst = false;
      await send(sender(), newer, 0);
    };

    await send({ ...post, publish }, older, deadline);

    expect(published.map(({ letter }) => letter.subject)).toEqual([older.subject, 'newer']);
    expect([...items.keys()].filter((key) => key.includes('WAIT#'))).toEqual([]);
  });

  it('what could not be sent waits, and goes out with the next notice', async () => {
    const { post, published, told, clock } = office({ failsAt: [1] });
    await expect(send(post, notice(1), deadline)).rejects.toThrow('SNS is away');
    clock.at += 11_000;

    await send(post, notice(2), deadline);

    expect(published).toHaveLength(1);
    expect(told.sort()).toEqual([`${notice(1).incident} flash`, `${notice(2).incident} flash`]);
  });

  it('a sender whose time is up leaves the rest to whoever comes next, at once', async () => {
    const { post, sender, items, clock } = office();
    // Killed as soon as they have written theirs down.
    for (let number = 0; number < 400; number += 1) void send(sender(1), notice(number), deadline);
    const left = () => [...items.keys()].filter((key) => key.includes('WAIT#')).length;
    await vi.waitUntil(() => left() === 400, { timeout: 60_000 });

    await sweep(post, clock.at + 1_500);
    expect(left()).toBeGreaterThan(0);
    await sweep(post, deadline);

    expect(left()).toBe(0);
  });

  it('whoever asks again takes over from a sender that died', async () => {
    const { post, told, items, clock } = office();
    items.set('MAILRATE\nSENDER', {
      pk: { S: 'MAILRATE' },
      sk: { S: 'SENDER' },
      until: { N: '1009000' },
      nextAt: { N: '0' },
    });

    expect(await send(post, notice(1), deadline)).toBe('waiting');
    clock.at += 10_000;
    expect(await send(post, notice(1), deadline)).toBe('sent');

    expect(told).toHaveLength(1);
  });

  it('what a sender held that was killed goes out with whoever comes next, wherever it was killed', async () => {
    const kinds = Array.from({ length: 20 }, (_, number) => notice(number));
    for (let calls = 0; calls < 40; calls += 1) {
      const { post, sender, published, told, items, clock } = office();
      void send(sender(calls), notice(100), deadline);
      await Promise.all(kinds.map((one) => send(post, one, deadline)));
      clock.at += 11_000;

      await sweep(post, deadline);

      const text = published.map(({ letter }) => `${letter.subject}\n${letter.body}`).join('\n');
      const left = [...items.keys()].filter((key) => key.includes('WAIT#'));
      expect({ calls, left, told: new Set(told).size }).toEqual({
        calls,
        left: [],
        told: calls === 0 ? 20 : 21,
      });
      for (const { incident } of kinds) expect(text).toContain(incident);
      const gaps = published.slice(1).map(({ at }, index) => at - (published[index]?.at ?? 0));
      expect(Math.min(1_000, ...gaps)).toBeGreaterThanOrEqual(1_000);
    }
  });
});
