/** Bundles the operator for the image: `npm run build`. */
import { buildBundle } from './bundle.ts';

const entry = await buildBundle('dist');
console.log(`built ${entry}`);
