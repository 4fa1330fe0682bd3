// The CRDs of ServiceMonitor and PrometheusRule, which the chart's tests install. Nothing is built of it, so no
// package is imported, and go mod tidy would take the requirement away.
module github.com/wandb/byob-operator/tools/prometheus-operator

go 1.26.0

require github.com/prometheus-operator/prometheus-operator v0.85.0
