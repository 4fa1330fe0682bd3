// Command kstatus computes the status of Kubernetes objects with the library
// that Flux, Argo CD and Helm rely on. It reads one JSON object a line and
// prints one JSON line for each: {"status": "Current", "message": "..."}.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

func main() {
	log.SetFlags(0)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(lines.Bytes()); err != nil {
			log.Fatal(err)
		}
		result, err := status.Compute(object)
		if err != nil {
			log.Fatal(err)
		}
		line, err := json.Marshal(map[string]string{"status": result.Status.String(), "message": result.Message})
		if err != nil {
			log.Fatal(err)
		}
		os.Stdout.Write(append(line, '\n'))
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}
