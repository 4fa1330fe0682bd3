// Command lua runs scripts as Argo CD does: by the same interpreter, with the
// same few libraries, and the object as the global `obj`. It reads one request
// `{"script": ..., "obj": ...}` a line, and writes what the script returns.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
)

type request struct {
	Script string          `json:"script"`
	Obj    json.RawMessage `json:"obj"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fail(err)
		}
		answer, err := run(asked)
		if err != nil {
			fail(err)
		}
		fmt.Println(string(answer))
	}
}

func run(asked request) ([]byte, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	state.SetContext(ctx)
	for _, library := range []struct {
		name string
		open lua.LGFunction
	}{{lua.LoadLibName, lua.OpenPackage}, {lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable}} {
		if err := state.CallByParam(lua.P{Fn: state.NewFunction(library.open), NRet: 0, Protect: true}, lua.LString(library.name)); err != nil {
			return nil, err
		}
	}
	// Of `os` Argo CD leaves the clock.
	clock := state.NewTable()
	state.SetField(clock, "time", state.NewFunction(func(state *lua.LState) int {
		state.Push(lua.LNumber(time.Now().Unix()))
		return 1
	}))
	state.SetField(clock, "date", state.NewFunction(func(state *lua.LState) int {
		if format := state.CheckString(1); format != "!%Y-%m-%dT%XZ" {
			state.ArgError(1, "this stand-in for Argo CD's os.date knows one format only")
		}
		state.Push(lua.LString(time.Now().UTC().Format("2006-01-02T15:04:05Z")))
		return 1
	}))
	state.SetGlobal("os", clock)
	obj, err := luajson.Decode(state, asked.Obj)
	if err != nil {
		return nil, err
	}
	state.SetGlobal("obj", obj)
	if err := state.DoString(asked.Script); err != nil {
		return nil, err
	}
	return luajson.Encode(state.Get(-1))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
