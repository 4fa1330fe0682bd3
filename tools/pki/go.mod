module github.com/wandb/byob-operator/tools/pki

go 1.26.0
