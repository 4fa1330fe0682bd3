/**
 * Writes `dist/sbom.cdx.json`: the content of the image besides its base, as
 * CycloneDX. npm lists it from the lock; what differs between runs (a serial
 * number, the time) is removed, so that equal inputs give equal images.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { bundledPackages } from './bundle.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly purl: string;
}

interface Sbom {
  serialNumber?: string;
  metadata: { timestamp?: string; tools?: unknown };
  components: readonly Component[];
  dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const npm = spawnSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});
if (npm.status !== 0) throw new Error(`npm sbom failed: ${npm.stderr}`);
const sbom = JSON.parse(npm.stdout) as Sbom;
delete sbom.serialNumber;
delete sbom.metadata.timestamp;
// The version of npm that wrote the list is not part of the image.
delete sbom.metadata.tools;

// Only packages in the bundle: the lock does not show which packages the bundler included.
const bundled = new Set(await bundledPackages());
const nameOf = ({ purl }: Component): string => decodeURIComponent(/^pkg:npm\/(.+)@/.exec(purl)?.[1] ?? '');
sbom.components = sbom.components.filter((component) => {
  const name = nameOf(component);
  return bundled.has(name) || name === `node-${process.platform}-${process.arch}`;
});
const shipped = new Set(sbom.components.map((component) => component['bom-ref']));
sbom.dependencies = sbom.dependencies
  .filter(({ ref }, index) => index === 0 || shipped.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => shipped.has(other)) }));
writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(sbom, null, 1)}\n`);
