/**
 * Writes `dist/sbom.cdx.json`: what the image holds besides its base, as
 * CycloneDX. npm lists it from the lock; what differs from run to run (a serial
 * number, the time) is taken out, so that equal inputs give equal images.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const npm = spawnSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});
if (npm.status !== 0) throw new Error(`npm sbom failed: ${npm.stderr}`);
const sbom = JSON.parse(npm.stdout) as { serialNumber?: string; metadata: { timestamp?: string; tools?: unknown } };
delete sbom.serialNumber;
delete sbom.metadata.timestamp;
// The version of npm that listed it is nothing of the image's.
delete sbom.metadata.tools;
writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(sbom, null, 1)}\n`);
