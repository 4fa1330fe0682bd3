// Generated from config/availability by npm run generate.
export const MATRICES = [
  {
    name: 'byob-2024',
    source: 'BYOB page of the W&B documentation, 2024',
    cells: [
      {
        deployment: 'DedicatedCloud',
        clouds: ['AWS', 'GCP'],
        instance: { providers: ['S3', 'GCS'], basis: 'Stated' },
        team: { providers: ['S3', 'GCS'], basis: 'Stated' },
        quote: 'Both the instance and team level BYOB are available for Amazon Web Services and Google Cloud Platform.',
      },
      {
        deployment: 'DedicatedCloud',
        clouds: ['Azure'],
        instance: { providers: ['AzureBlob'], basis: 'Stated' },
        team: { providers: ['S3', 'GCS', 'S3Compatible'], basis: 'Stated' },
        quote:
          'Only instance level BYOB is available for Azure cloud. [...] on Azure, it is possible to use non-Azure storage buckets at team level using the environment variable called SUPPORTED_FILE_STORES.',
      },
      {
        deployment: 'DedicatedCloud',
        clouds: ['CoreWeave', 'OnPremises'],
        instance: { providers: [], basis: 'Inferred' },
        team: { providers: [], basis: 'Inferred' },
        quote: 'Dedicated Cloud is named for Amazon Web Services, Google Cloud Platform and Azure only.',
      },
      {
        deployment: 'SaaSCloud',
        clouds: ['AWS', 'GCP'],
        instance: { providers: [], basis: 'Stated' },
        team: { providers: ['S3', 'GCS'], basis: 'Stated' },
        quote: 'The team level BYOB is available only for Amazon Web Services and Google Cloud Platform.',
      },
      {
        deployment: 'SaaSCloud',
        clouds: ['Azure'],
        instance: { providers: [], basis: 'Stated' },
        team: { providers: [], basis: 'Stated' },
        quote: 'W&B fully manages the default and only storage bucket for Azure cloud.',
      },
      {
        deployment: 'SaaSCloud',
        clouds: ['CoreWeave', 'OnPremises'],
        instance: { providers: [], basis: 'Inferred' },
        team: { providers: [], basis: 'Inferred' },
        quote: 'SaaS Cloud is named for Amazon Web Services, Google Cloud Platform and Azure only.',
      },
      {
        deployment: 'SelfManaged',
        clouds: ['AWS', 'GCP', 'Azure', 'CoreWeave', 'OnPremises'],
        instance: { providers: ['S3', 'GCS', 'AzureBlob', 'S3Compatible'], basis: 'Stated' },
        team: { providers: ['S3', 'GCS', 'AzureBlob', 'S3Compatible'], basis: 'Stated' },
        quote:
          'Instance level BYOB is the default since the deployment is fully managed by you. It is also possible to use a S3-compatible secure storage solution like MinIO.',
      },
    ],
  },
  {
    name: 'byob-2026',
    source: 'Secure storage connector page of the W&B documentation, 2026',
    cells: [
      {
        deployment: 'DedicatedCloud',
        clouds: ['AWS', 'GCP', 'Azure', 'CoreWeave', 'OnPremises'],
        instance: { providers: ['S3', 'S3Compatible', 'GCS', 'AzureBlob', 'CoreWeave'], basis: 'Stated' },
        team: { providers: ['S3', 'S3Compatible', 'GCS', 'AzureBlob', 'CoreWeave'], basis: 'Stated' },
        quote: 'Dedicated Cloud, instance and team level: CoreWeave, S3, GCS, Azure Blob and S3-compatible storage.',
      },
      {
        deployment: 'SaaSCloud',
        clouds: ['AWS', 'GCP', 'Azure', 'CoreWeave', 'OnPremises'],
        instance: { providers: [], basis: 'Stated' },
        team: { providers: ['S3', 'GCS', 'CoreWeave'], basis: 'Stated' },
        quote: 'Multi-tenant Cloud, team level only: CoreWeave, S3 and GCS.',
      },
      {
        deployment: 'SelfManaged',
        clouds: ['AWS', 'GCP', 'Azure', 'CoreWeave', 'OnPremises'],
        instance: { providers: ['S3', 'S3Compatible', 'GCS', 'AzureBlob', 'CoreWeave'], basis: 'Stated' },
        team: { providers: ['S3', 'S3Compatible', 'GCS', 'AzureBlob', 'CoreWeave'], basis: 'Stated' },
        quote: 'Self-Managed, instance and team level: CoreWeave, S3, GCS, Azure Blob and S3-compatible storage.',
      },
    ],
  },
] as const;
