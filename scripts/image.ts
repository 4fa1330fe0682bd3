/** Builds the image and prints its size and content: `npm run image`. */
import { buildImage, IMAGE, inspectImage, mountImage } from './image/buildah.ts';
import { filesOf, isOurs } from './image/contents.ts';

buildImage();
const { layers, user, entrypoint } = inspectImage();
const { path, unmount } = mountImage();
const files = filesOf(path);
unmount();
const sum = (some: typeof files): number => some.reduce((bytes, file) => bytes + file.bytes, 0);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const node = files.filter((file) => file.path === '/usr/local/bin/node');
const app = files.filter((file) => file.path.startsWith('/app/'));
const rows = [
  ['image', `${IMAGE}, ${String(layers.length)} layers, user ${user}, ${entrypoint.join(' ')}`],
  ['all', `${megabytes(sum(files))} in ${String(files.length)} files`],
  ['base', `${megabytes(sum(files.filter((file) => !isOurs(file))))}: glibc and libstdc++, no shell`],
  ['node', megabytes(sum(node))],
  ['/app', `${megabytes(sum(app))} in ${String(app.length)} files: the bundle and sbom.cdx.json`],
];
for (const [what = '', value = ''] of rows) console.log(`${what.padEnd(8)}${value}`);
