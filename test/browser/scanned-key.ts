// What an authenticator app reads from the picture of a page.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { matrixOfPath, textOfQrCode } from '../support/pages/qr-code.ts';

export interface ScannedKey {
  readonly key: string;
  readonly issuer: string;
  readonly account: string;
}

/** Cameras want dark on light, some size, and a border of two modules at least. */
const expectReadable = async (page: Page): Promise<void> => {
  const picture = page.locator('.set-up-key svg');
  const colours = await page.evaluate(
    `['rect', 'path'].map(
      (part) => getComputedStyle(document.querySelector('.set-up-key svg ' + part)).fill,
    )`,
  );
  expect(colours).toEqual(['rgb(255, 255, 255)', 'rgb(16, 20, 18)']);
  const { width = 0, height = 0 } = (await picture.boundingBox()) ?? {};
  expect([width >= 160, height >= 160, width <= 360]).toEqual([true, true, true]);
};

export const scannedKey = async (page: Page): Promise<ScannedKey> => {
  await expectReadable(page);
  const path = (await page.locator('.set-up-key path').getAttribute('d')) ?? '';
  const address = new URL(textOfQrCode(matrixOfPath(path)));
  expect([address.protocol, address.host]).toEqual(['otpauth:', 'totp']);
  const [issuer = '', account = ''] = decodeURIComponent(address.pathname.slice(1)).split(':');
  expect(address.searchParams.get('issuer')).toBe(issuer);
  return { key: address.searchParams.get('secret') ?? '', issuer, account };
};
