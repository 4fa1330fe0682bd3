/** What the two pages of W&B's documentation offer, written down by hand: the data of the operator is compared with it. */
export interface Offer {
  readonly matrix: 'byob-2024' | 'byob-2026';
  readonly type: 'DedicatedCloud' | 'SaaSCloud' | 'SelfManaged';
  readonly cloud: 'AWS' | 'GCP' | 'Azure' | 'CoreWeave' | 'OnPremises';
  readonly level: 'instance' | 'team';
  readonly provider: 'S3' | 'S3Compatible' | 'GCS' | 'AzureBlob' | 'CoreWeave';
  readonly offered: boolean;
}

const PROVIDERS = ['S3', 'S3Compatible', 'GCS', 'AzureBlob', 'CoreWeave'] as const;
const CLOUDS = ['AWS', 'GCP', 'Azure', 'CoreWeave', 'OnPremises'] as const;
const TYPES = ['DedicatedCloud', 'SaaSCloud', 'SelfManaged'] as const;
const LEVELS = ['instance', 'team'] as const;
const ALL = PROVIDERS.join(' ');

/** Providers by cell; `*` stands for every cloud that has no cell of its own. */
const CELLS: Readonly<Record<string, string>> = {
  'byob-2024 DedicatedCloud AWS instance': 'S3 GCS',
  'byob-2024 DedicatedCloud AWS team': 'S3 GCS',
  'byob-2024 DedicatedCloud GCP instance': 'S3 GCS',
  'byob-2024 DedicatedCloud GCP team': 'S3 GCS',
  'byob-2024 DedicatedCloud Azure instance': 'AzureBlob',
  'byob-2024 DedicatedCloud Azure team': 'S3 GCS S3Compatible',
  'byob-2024 SaaSCloud AWS team': 'S3 GCS',
  'byob-2024 SaaSCloud GCP team': 'S3 GCS',
  'byob-2024 SelfManaged * instance': 'S3 GCS AzureBlob S3Compatible',
  'byob-2024 SelfManaged * team': 'S3 GCS AzureBlob S3Compatible',
  'byob-2026 DedicatedCloud * instance': ALL,
  'byob-2026 DedicatedCloud * team': ALL,
  'byob-2026 SaaSCloud * team': 'S3 GCS CoreWeave',
  'byob-2026 SelfManaged * instance': ALL,
  'byob-2026 SelfManaged * team': ALL,
};

function isOffered({ matrix, type, cloud, level, provider }: Omit<Offer, 'offered'>): boolean {
  const cell = CELLS[`${matrix} ${type} ${cloud} ${level}`] ?? CELLS[`${matrix} ${type} * ${level}`] ?? '';
  return cell.split(' ').includes(provider);
}

/** Every cell of both matrices with every provider. */
export const OFFERS: readonly Offer[] = (['byob-2024', 'byob-2026'] as const).flatMap((matrix) =>
  TYPES.flatMap((type) =>
    CLOUDS.flatMap((cloud) =>
      LEVELS.flatMap((level) =>
        PROVIDERS.map((provider) => {
          const cell = { matrix, type, cloud, level, provider };
          return { ...cell, offered: isOffered(cell) };
        }),
      ),
    ),
  ),
);
