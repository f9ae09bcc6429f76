// Checks histories of the user lock for linearizability: each line of the standard input is one history as JSON, and
// each line of the output what came of it. Ends with 1 where a history is not linearizable, or cannot be checked in time.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/anishathalye/porcupine"
)

// A history that takes longer is not taken for a good one.
const patience = 60 * time.Second

// An operation that is not known to be over may have happened at any time after it began.
const never = int64(1) << 62

type operation struct {
	Client int    `json:"client"`
	Call   int64  `json:"call"`
	Return *int64 `json:"return"`
	input
	// What the store said; absent where its answer was lost.
	Output *string `json:"output"`
}

type history struct {
	Name string      `json:"name"`
	Ops  []operation `json:"ops"`
}

func (h history) operations() []porcupine.Operation {
	ops := make([]porcupine.Operation, 0, len(h.Ops))
	for _, op := range h.Ops {
		ended, output := never, unknown
		if op.Return != nil {
			ended = *op.Return
		}
		if op.Output != nil {
			output = *op.Output
		}
		ops = append(ops, porcupine.Operation{
			ClientId: op.Client, Input: op.input, Call: op.Call, Output: output, Return: ended,
		})
	}
	return ops
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	isBad := false
	model := userLock.ToModel()
	for lines.Scan() {
		var h history
		if err := json.Unmarshal(lines.Bytes(), &h); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		result, info := porcupine.CheckOperationsVerbose(model, h.operations(), patience)
		fmt.Printf("%s %s %d\n", h.Name, result, len(h.Ops))
		if result == porcupine.Ok {
			continue
		}
		isBad = true
		if folder := os.Getenv("ECHOO_HISTORIES"); folder != "" {
			_ = porcupine.VisualizePath(model, info, folder+"/"+h.Name+".html")
		}
	}
	if isBad {
		os.Exit(1)
	}
}
