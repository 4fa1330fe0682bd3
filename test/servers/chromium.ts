import { chromium, type Browser } from 'playwright-core';
import { installDebian } from '../../scripts/tools/debian.ts';

/** Starts Debian's Chromium without a window. No name leads to an address but by the rules (`MAP name address`). */
export function launchChromium(rules: readonly string[] = []): Promise<Browser> {
  installDebian({ chromium: 'chromium' });
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    // In a container there is often nothing of which its sandbox could be made; the pages are our own.
    chromiumSandbox: false,
    args: [`--host-resolver-rules=${[...rules, 'MAP * 127.0.0.1'].join(', ')}`],
  });
}
