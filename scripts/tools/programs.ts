/** A program that is built from its Go module. */
export interface Program {
  /** Folder under tools/ with the go.mod that pins it. */
  readonly module: string;
  readonly package: string;
  readonly ldflags?: string;
  /** Seconds on two cores with an empty build cache, for the progress line. */
  readonly coldSeconds: number;
}

/** The version of the control plane. */
export const KUBERNETES = '1.36.3';
const KUBERNETES_LDFLAGS = [
  `-X k8s.io/component-base/version.gitVersion=v${KUBERNETES}`,
  '-X k8s.io/component-base/version.gitMajor=1',
  `-X k8s.io/component-base/version.gitMinor=${KUBERNETES.split('.')[1] ?? ''}`,
].join(' ');

/** The oldest supported version: `kubeVersion` of the chart. */
const OLDEST_LDFLAGS = [
  '-X k8s.io/component-base/version.gitVersion=v1.30.14',
  '-X k8s.io/component-base/version.gitMajor=1',
  '-X k8s.io/component-base/version.gitMinor=30',
].join(' ');

/** Every program that the demo and the tests run, by the name of its binary. */
export const PROGRAMS = {
  'kube-apiserver': {
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    ldflags: KUBERNETES_LDFLAGS,
    coldSeconds: 260,
  },
  'kube-apiserver-oldest': {
    module: 'kubernetes-oldest',
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    ldflags: OLDEST_LDFLAGS,
    coldSeconds: 210,
  },
  'kube-controller-manager': {
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    ldflags: KUBERNETES_LDFLAGS,
    coldSeconds: 60,
  },
  kubectl: {
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kubectl',
    ldflags: KUBERNETES_LDFLAGS,
    coldSeconds: 40,
  },
  'kube-scheduler': {
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kube-scheduler',
    ldflags: KUBERNETES_LDFLAGS,
    coldSeconds: 15,
  },
  helm: {
    module: 'helm',
    package: 'helm.sh/helm/v4/cmd/helm',
    ldflags: '-X helm.sh/helm/v4/internal/version.version=v4.3.1',
    coldSeconds: 150,
  },
  /** The chart is for both: Helm 3 is still common. */
  helm3: {
    module: 'helm3',
    package: 'helm.sh/helm/v3/cmd/helm',
    ldflags: [
      '-X helm.sh/helm/v3/internal/version.version=v3.22.0',
      // The version of Kubernetes for which `helm template` renders: that of its client, as in a release of Helm.
      '-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=37',
      '-X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor=37',
    ].join(' '),
    coldSeconds: 150,
  },
  actionlint: {
    module: 'actionlint',
    package: 'github.com/rhysd/actionlint/cmd/actionlint',
    coldSeconds: 15,
  },
  kubeconform: { module: 'kubeconform', package: 'github.com/yannh/kubeconform/cmd/kubeconform', coldSeconds: 5 },
  kwok: { module: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok', coldSeconds: 110 },
  promtool: { module: 'prometheus', package: 'github.com/prometheus/prometheus/cmd/promtool', coldSeconds: 200 },
  etcd: { module: 'etcd', package: '.', coldSeconds: 90 },
  minio: { module: 'minio', package: 'github.com/minio/minio', coldSeconds: 180 },
  'minio-admin': { module: 'minio', package: './admin', coldSeconds: 20 },
  mc: { module: 'mc', package: 'github.com/minio/mc', coldSeconds: 60 },
  'fake-gcs-server': {
    module: 'fake-gcs-server',
    package: 'github.com/fsouza/fake-gcs-server',
    coldSeconds: 90,
  },
  kstatus: { module: 'kstatus', package: '.', coldSeconds: 40 },
  lua: { module: 'lua', package: '.', coldSeconds: 10 },
  pki: { module: 'pki', package: '.', coldSeconds: 10 },
  versitygw: { module: 'versitygw', package: 'github.com/versity/versitygw/cmd/versitygw', coldSeconds: 90 },
  weed: { module: 'seaweedfs', package: 'github.com/seaweedfs/seaweedfs/weed', coldSeconds: 360 },
} as const satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof PROGRAMS;
