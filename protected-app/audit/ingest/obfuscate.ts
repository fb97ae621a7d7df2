import { createHash } from 'node:crypto';
import { isIPv4, SocketAddress } from 'node:net';
import type { AuditEvent } from '../schemas/event.ts';
import { decryptNumerals, encryptNumerals, type Ff1 } from './ff1.ts';

/** Turns a personal field into another of the same form, or back. */
type NumeralTransform = (cipher: Ff1, numerals: readonly number[]) => number[];

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const letterOrDigit = /[0-9A-Za-z]/g;

/** The AES key of the secret: whatever its length, 256 bits of it. */
export const keyOfSecret = (secret: string): Buffer =>
  createHash('sha256').update(`cordon-audit ff1 ${secret}`).digest();

/** Letters and digits become others; what stands between them stays where it is. */
const texts = (
  key: Uint8Array,
  tweak: string,
  text: string,
  transform: NumeralTransform,
): string => {
  const numerals = (text.match(letterOrDigit) ?? []).map((char) => alphabet.indexOf(char));
  const turned = transform({ key, radix: alphabet.length, tweak: Buffer.from(tweak) }, numerals);
  let next = 0;
  return text.replace(letterOrDigit, () => {
    const char = alphabet[turned[next] ?? 0] ?? '';
    next += 1;
    return char;
  });
};

/** The eight groups of an IPv6 address, with none left out. */
const groupsOf = (address: string): readonly string[] => {
  const plain = new SocketAddress({ address, family: 'ipv6' }).address;
  const tail = plain.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes) => {
    const [a, b, c, d] = bytes.slice(0, 4).map(Number);
    return [(a ?? 0) * 256 + (b ?? 0), (c ?? 0) * 256 + (d ?? 0)]
      .map((group) => group.toString(16))
      .join(':');
  });
  const [head = '', rest] = tail.split('::');
  const listOf = (part: string) => part.split(':').filter((group) => group !== '');
  const [left, right] = [listOf(head), listOf(rest ?? '')];
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
};

/** An address becomes another address: its bits are the text that is encrypted. */
const addresses = (
  key: Uint8Array,
  tweak: string,
  address: string,
  transform: NumeralTransform,
): string => {
  const bits = (numbers: readonly number[], width: number) =>
    numbers.flatMap((number) => Array.from(number.toString(2).padStart(width, '0'), Number));
  const cipher = { key, radix: 2, tweak: Buffer.from(tweak) };
  const parts = (numerals: readonly number[], width: number) =>
    Array.from({ length: numerals.length / width }, (_, index) =>
      Number.parseInt(numerals.slice(index * width, (index + 1) * width).join(''), 2),
    );
  if (isIPv4(address))
    return parts(transform(cipher, bits(address.split('.').map(Number), 8)), 8).join('.');
  const groups = groupsOf(address).map((group) => Number.parseInt(group, 16));
  return parts(transform(cipher, bits(groups, 16)), 16)
    .map((group) => group.toString(16))
    .join(':');
};

const personalFields =
  (transform: NumeralTransform) =>
  (key: Uint8Array, event: AuditEvent): AuditEvent => {
    const { kind, id, address } = event.actor;
    return {
      ...event,
      actor: {
        kind,
        id: kind === 'person' ? texts(key, 'actor.id', id, transform) : id,
        ...(address !== undefined && {
          address: addresses(key, 'actor.address', address, transform),
        }),
      },
    };
  };

/**
 * The event with its personal fields encrypted, each in its own form. Equal texts stay equal, so
 * that what one person did can be found without a name.
 */
export const obfuscate = personalFields(encryptNumerals);

/** The event as its producer wrote it. */
export const turnBack = personalFields(decryptNumerals);
