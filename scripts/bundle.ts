import { rmSync } from 'node:fs';
import { build, type BuildOptions, type Plugin } from 'esbuild';

const MAIN = 'src/main.ts';

/**
 * KubeConfig imports the generated clients of every Kubernetes API for a method
 * that is not used here. Without this half megabyte the operator starts faster.
 */
const withoutGeneratedClients: Plugin = {
  name: 'without generated clients',
  setup(bundler) {
    const namespace = 'no-clients';
    bundler.onResolve({ filter: /^\.\/gen\/index\.js$/ }, ({ importer }) =>
      /@kubernetes\/client-node\/dist\/config\.js$/.test(importer) ? { path: 'gen', namespace } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace }, () => ({
      contents: `
        export class ServerConfiguration { constructor() { createConfiguration(); } }
        export function createConfiguration() { throw new Error('the bundle holds no generated clients'); }`,
    }));
  },
};

/**
 * Writes `byob.mjs` and its chunks to `outdir`; the drivers stay separate and are
 * loaded when needed. `entry` is for tests of how a driver is bundled.
 */
export async function buildBundle(outdir: string, entry = MAIN): Promise<string> {
  rmSync(outdir, { recursive: true, force: true });
  await build(optionsOf(outdir, entry));
  return `${outdir}/byob.mjs`;
}

/** Writes everything to one script of CommonJS, the only form that a single executable file of Node.js 24 holds. */
export async function buildScript(outfile: string): Promise<void> {
  await build({ ...COMMON, entryPoints: [MAIN], outfile, format: 'cjs' });
}

/** Names of the packages whose code is in the bundle, sorted. */
export async function bundledPackages(): Promise<readonly string[]> {
  const { metafile } = await build({ ...optionsOf('dist', MAIN), write: false, metafile: true });
  const names = Object.keys(metafile.inputs).flatMap((path) => {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)].sort();
}

const COMMON = {
  bundle: true,
  plugins: [withoutGeneratedClients],
  platform: 'node',
  target: 'node24',
  // With the default order the AWS SDK would be bundled as CommonJS, whose named imports are undefined.
  mainFields: ['module', 'main'],
  minifySyntax: true,
  // One character outside ASCII in a comment doubles the memory that the source needs.
  minifyWhitespace: true,
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

function optionsOf(outdir: string, entry: string) {
  return {
    ...COMMON,
    entryPoints: { byob: entry },
    outdir,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'linked',
    // Some dependencies still call require() for Node's modules.
    banner: { js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);" },
  } as const satisfies BuildOptions;
}
