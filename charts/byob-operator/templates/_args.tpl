{{/* The operator's flags: one for each value that differs from the operator's own default. */}}
{{- define "byob-operator.args" -}}
{{- if and .Values.watch.allNamespaces .Values.watch.namespaces -}}
{{- fail "watch.namespaces and watch.allNamespaces exclude each other: empty the list, or set allNamespaces to false" -}}
{{- end -}}
{{- with .Values.operator -}}
- operator
- --leader-elect
- --leader-election-id={{ include "byob-operator.fullname" $ }}
{{- with .leaderElection.leaseDuration }}
- --leader-elect-lease-duration={{ . }}
{{- end }}
{{- with .leaderElection.renewDeadline }}
- --leader-elect-renew-deadline={{ . }}
{{- end }}
{{- with .leaderElection.retryPeriod }}
- --leader-elect-retry-period={{ . }}
{{- end }}
{{- if $.Values.watch.allNamespaces }}
- --all-namespaces
{{- end }}
{{- range $.Values.watch.namespaces }}
- --namespace={{ . }}
{{- end }}
{{- with $.Values.watch.labelSelector }}
- {{ printf "--watch-label-selector=%s" . | quote }}
{{- end }}
- --workers={{ .workers }}
- --log-level={{ .logLevel }}
{{- with .allowedEndpoints }}
- {{ printf "--allowed-endpoints=%s" (join "," .) | quote }}
{{- end }}
{{- with .deniedCIDRs }}
- {{ printf "--denied-cidrs=%s" (join "," .) | quote }}
{{- end }}
{{- range $value, $flag := dict "aws" "aws" "awsSts" "aws-sts" "gcs" "gcs" "gcpSts" "gcp-sts" "gcpIam" "gcp-iam" "azure" "azure" "azureLogin" "azure-login" "coreWeave" "coreweave" }}
{{- with index $.Values.operator.endpoints $value }}
- {{ printf "--%s-endpoint=%s" $flag . | quote }}
{{- end }}
{{- end }}
{{- if .secretsWithoutLabel }}
- --secrets-without-label
{{- end }}
{{- if .ambientCredentials }}
- --ambient-credentials
{{- end }}
{{- if .allowPublicBuckets }}
- --allow-public-buckets
{{- end }}
{{- end -}}
{{- end -}}

{{- define "byob-operator.proxy" -}}
{{- range $name, $value := dict "HTTPS_PROXY" .https "HTTP_PROXY" .http "NO_PROXY" .exclude }}
{{- with $value }}
- name: {{ $name }}
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}
