import type { Values } from './render.ts';

/** Installations as people make them: together they set every value of the chart byob-operator. */
export const VALUE_SETS: Readonly<Record<string, Values>> = {
  defaults: {},
  'a small cluster': {
    replicas: 1,
    podDisruptionBudget: { enabled: false },
    networkPolicy: { enabled: false },
    topologySpreadConstraints: [],
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: {} },
    operator: { logLevel: 'debug', workers: 4 },
  },
  'several namespaces': { watch: { namespaces: ['wandb', 'wandb-staging'] } },
  'the whole cluster': { watch: { allNamespaces: true } },
  'every permission': { rbac: { delivery: true, rollout: true, tokenRequest: ['wandb-app', 'wandb-weave'] } },
  'every permission in the whole cluster': {
    watch: { allNamespaces: true },
    rbac: { delivery: true, rollout: true, tokenRequest: ['wandb-app'], userRoles: false },
  },
  'AWS GovCloud with a role of its own': {
    serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws-us-gov:iam::123456789012:role/byob' } },
    operator: {
      ambientCredentials: true,
      endpoints: { aws: 'https://s3-fips.{region}.amazonaws.com', awsSts: 'https://sts.{region}.amazonaws.com' },
    },
  },
  'private endpoints of the other clouds': {
    operator: {
      endpoints: {
        gcs: 'https://storage.p.googleapis.com',
        gcpSts: 'https://sts.p.googleapis.com',
        gcpIam: 'https://iamcredentials.p.googleapis.com',
        azure: 'https://{account}.blob.core.usgovcloudapi.net',
        azureLogin: 'https://login.microsoftonline.us',
        coreWeave: 'https://object.example.com',
      },
      leaderElection: { leaseDuration: '30s', renewDeadline: '20s', retryPeriod: '4s' },
    },
    serviceAccount: { annotations: { 'azure.workload.identity/client-id': '11111111-2222-3333-4444-555555555555' } },
    podLabels: { 'azure.workload.identity/use': 'true' },
  },
  'a closed network behind a proxy': {
    operator: {
      allowedEndpoints: ['.acme.example', '10.1.0.0/16'],
      deniedCIDRs: ['10.0.0.0/8', 'fc00::/7'],
      allowPublicBuckets: true,
      secretsWithoutLabel: true,
      proxy: {
        https: 'http://proxy.acme.example:3128',
        http: 'http://proxy.acme.example:3128',
        exclude: '.svc,10.0.0.1',
      },
      extraCa: { configMap: 'proxy-ca', key: 'proxy.pem' },
      extraEnv: [
        { name: 'NODE_OPTIONS', value: '--max-old-space-size=384' },
        { name: 'https_proxy', valueFrom: { secretKeyRef: { name: 'proxy', key: 'url' } } },
      ],
    },
    image: {
      repository: 'registry.acme.example:5000/wandb/byob-operator',
      digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
      pullPolicy: 'Always',
    },
    imagePullSecrets: [{ name: 'registry' }],
  },
  'a second release beside the first': {
    crds: { enabled: false },
    admissionPolicy: { enabled: false },
    rbac: { userRoles: false },
    watch: { labelSelector: 'shard in (a,b),!acme.example/legacy' },
    fullnameOverride: 'byob-staging',
    serviceAccount: { create: false, name: 'given' },
    commonLabels: { 'acme.example/team': 'platform' },
    image: { tag: '0.1.0-rc.1' },
  },
  'nodes of its own': {
    nameOverride: 'storage',
    crds: { keep: false },
    priorityClassName: 'system-cluster-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'platform', effect: 'NoSchedule' }],
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'storage' } },
          },
        ],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
    ],
    podAnnotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' },
    serviceAccount: { name: 'byob' },
  },
  'watched by Prometheus and Grafana': {
    metrics: {
      serviceMonitor: { enabled: true, labels: { release: 'prometheus' }, interval: '15s' },
      prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
      dashboard: { enabled: true, labels: { grafana_dashboard: 'yes' } },
    },
    networkPolicy: {
      metricsFrom: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
    },
  },
};
