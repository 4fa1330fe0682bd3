/** Writes the pictures of the page of `byob report` in the README, about the storages of a made-up deployment. */
import { mkdirSync } from 'node:fs';
import { renderReport } from '../src/cli/report/page.ts';
import { launchChromium } from '../test/servers/chromium.ts';
import { demoStorages } from '../test/support/report/demo-storages.ts';
import { reportOf } from '../test/support/report/report-of.ts';

const FOLDER = 'docs/images';
/** The summary and the map. */
const SIZE = { width: 1060, height: 1560 };

mkdirSync(FOLDER, { recursive: true });
const browser = await launchChromium();
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 0.7, colorScheme });
  await page.setContent(renderReport(reportOf(demoStorages())));
  await page.screenshot({ path: `${FOLDER}/report-${colorScheme}.png` });
}
await browser.close();
