// Command minio-admin changes a running MinIO for the tests and the demo:
//
//	minio-admin user NAME SECRET      adds a user or changes its secret
//	minio-admin policy USER           gives USER the policy that is read from stdin, as its only one
//	minio-admin users COUNT           adds as many users, each with its policy, that are read from stdin as JSON, one a line
//	minio-admin set KEY [NAME=VALUE]  changes a configuration key, such as: set api cors_allow_origin=*
//
// The server and its root credentials come from MINIO_ENDPOINT (host:port),
// MINIO_ROOT_USER and MINIO_ROOT_PASSWORD.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/minio/madmin-go/v3"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 3 {
		log.Fatal("usage: minio-admin user|policy|users|set ...")
	}
	client, err := madmin.New(os.Getenv("MINIO_ENDPOINT"), os.Getenv("MINIO_ROOT_USER"), os.Getenv("MINIO_ROOT_PASSWORD"), false)
	check(err)
	ctx := context.Background()
	switch os.Args[1] {
	case "user":
		check(client.AddUser(ctx, os.Args[2], os.Args[3]))
	case "policy":
		policy(ctx, client, os.Args[2], os.Stdin)
	case "users":
		count, err := strconv.Atoi(os.Args[2])
		check(err)
		users(ctx, client, count)
	case "set":
		_, err := client.SetConfigKV(ctx, strings.Join(os.Args[2:], " "))
		check(err)
	default:
		log.Fatalf("unknown command %s", os.Args[1])
	}
}

// atOnce is how many users are added at the same time: the server takes no more with profit.
const atOnce = 8

func users(ctx context.Context, client *madmin.AdminClient, count int) {
	type user struct {
		Name   string
		Secret string
		Policy json.RawMessage
	}
	input := json.NewDecoder(os.Stdin)
	wanted := make(chan user)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for one := range wanted {
				check(client.AddUser(ctx, one.Name, one.Secret))
				policy(ctx, client, one.Name, bytes.NewReader(one.Policy))
			}
		})
	}
	for range count {
		var one user
		check(input.Decode(&one))
		wanted <- one
	}
	close(wanted)
	workers.Wait()
}

func policy(ctx context.Context, client *madmin.AdminClient, user string, input io.Reader) {
	document, err := io.ReadAll(input)
	check(err)
	name := user + "-policy"
	check(client.AddCannedPolicy(ctx, name, document))
	_, err = client.AttachPolicy(ctx, madmin.PolicyAssociationReq{Policies: []string{name}, User: user})
	if err != nil && !strings.Contains(err.Error(), "already") {
		check(err)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
