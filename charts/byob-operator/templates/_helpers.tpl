{{- define "byob-operator.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "byob-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "byob-operator.labels" -}}
{{ include "byob-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "byob-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "byob-operator.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name is needed where serviceAccount.create is false: name the ServiceAccount that the operator runs as" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "byob-operator.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* Permissions in the watched namespaces: a Role in each, or a ClusterRole. Takes root, name and rules. */}}
{{- define "byob-operator.grant" -}}
{{- $root := .root -}}
{{- $scope := ternary "Cluster" "" $root.Values.watch.allNamespaces -}}
{{- $namespaces := default (list $root.Release.Namespace) $root.Values.watch.namespaces -}}
{{- range ternary (list "") $namespaces $root.Values.watch.allNamespaces }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $scope }}Role
metadata:
  name: {{ $.name }}
  {{- with . }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "byob-operator.labels" $root | nindent 4 }}
rules:
  {{- $.rules | trim | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $scope }}RoleBinding
metadata:
  name: {{ $.name }}
  {{- with . }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "byob-operator.labels" $root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $scope }}Role
  name: {{ $.name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "byob-operator.serviceAccountName" $root }}
    namespace: {{ $root.Release.Namespace }}
{{- end }}
{{- end -}}
