import manifest from '../../package.json' with { type: 'json' };

/** Version of this operator. */
export const VERSION: string = manifest.version;
