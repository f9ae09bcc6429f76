package main

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

const (
	users    = 4
	callsMax = 128
	// The answer was lost: it was done, or it was not.
	unknown = "unknown"
)

type input struct {
	Op string `json:"op"`
	// A call, and who is its caller and its callee.
	ID     int `json:"id"`
	Caller int `json:"caller"`
	Callee int `json:"callee"`
}

type phase uint8

const (
	absent phase = iota
	ringing
	answered
	ended
)

// One call. It is known by all operations about it.
type call struct {
	phase          phase
	caller, callee int8
}

// A register of at most one call for each user, and what has become of each call.
type state struct {
	live  [users]int16
	calls [callsMax]call
}

func (s state) release(id int) state {
	c := s.calls[id]
	for _, user := range []int8{c.caller, c.callee} {
		if s.live[user] == int16(id) {
			s.live[user] = none
		}
	}
	return s
}

const none = int16(-1)

// What the store says, and what is so afterwards.
func (s state) after(in input) (string, state) {
	c := s.calls[in.ID]
	switch in.Op {
	case "place":
		return s.placed(in)
	case "claim":
		switch {
		case c.phase == absent:
			return "fenced", s
		case c.phase == ended:
			return "ended", s
		case s.live[in.Callee] != none && s.live[in.Callee] != int16(in.ID):
			return fmt.Sprintf("locked %d", s.live[in.Callee]), s
		}
		s.live[in.Callee] = int16(in.ID)
		return "claimed", s
	case "unclaim":
		if c.phase == ringing && s.live[in.Callee] == int16(in.ID) {
			s.live[in.Callee] = none
		}
		return "done", s
	case "answer":
		switch {
		case c.phase == absent:
			return "missing", s
		case c.phase != ringing:
			return "ok", s
		case s.live[in.Callee] != none && s.live[in.Callee] != int16(in.ID):
			return "conflict", s
		}
		s.live[in.Callee] = int16(in.ID)
		s.calls[in.ID].phase = answered
		return "ok", s
	case "end":
		if c.phase == absent {
			return "missing", s
		}
		s = s.release(in.ID)
		s.calls[in.ID].phase = ended
		return "ok", s
	case "abandon":
		if c.phase != ringing {
			return "kept", s
		}
		s = s.release(in.ID)
		s.calls[in.ID] = call{}
		return "abandoned", s
	case "adopt":
		// Of a call that nobody was told of nothing is left; any other goes on.
		if c.phase == ringing {
			s = s.release(in.ID)
			s.calls[in.ID] = call{}
		}
		return "gone", s
	}
	panic("no operation " + in.Op)
}

func (s state) placed(in input) (string, state) {
	if s.calls[in.ID].phase != absent {
		return "used", s
	}
	if held := s.live[in.Caller]; held != none {
		return fmt.Sprintf("held %d", held), s
	}
	if other := s.live[in.Callee]; other != none {
		c := s.calls[other]
		if c.phase == ringing && int(c.caller) == in.Callee && int(c.callee) == in.Caller {
			return fmt.Sprintf("glare %d", other), s
		}
		return "busy", s
	}
	s.live[in.Caller] = int16(in.ID)
	s.calls[in.ID] = call{ringing, int8(in.Caller), int8(in.Callee)}
	return "placed", s
}

// What a node that may not speak is told, and what depends on more than the locks: nothing was done.
func isRefusal(in input, output string) bool {
	switch output {
	case "buried", "settling", "wait", "fenced":
		return true
	case "kept":
		return in.Op == "abandon"
	}
	return false
}

var userLock = porcupine.NondeterministicModel{
	Init: func() []interface{} {
		s := state{}
		for user := range s.live {
			s.live[user] = none
		}
		return []interface{}{s}
	},
	Step: func(before, given, output interface{}) []interface{} {
		s, in := before.(state), given.(input)
		said := output.(string)
		if isRefusal(in, said) {
			return []interface{}{s}
		}
		// A call that goes on at another home is as it was.
		if said == "adopted" {
			if phase := s.calls[in.ID].phase; phase == ringing || phase == answered {
				return []interface{}{s}
			}
			return nil
		}
		expected, next := s.after(in)
		switch {
		case said == unknown && next != s:
			return []interface{}{s, next}
		case said == unknown:
			return []interface{}{s}
		case said == "gone" && s.calls[in.ID].phase == answered:
			return nil
		case said == expected:
			return []interface{}{next}
		}
		return nil
	},
	Equal: func(one, other interface{}) bool { return one.(state) == other.(state) },
	DescribeOperation: func(given, output interface{}) string {
		in := given.(input)
		return fmt.Sprintf("%s %d (%d to %d): %s", in.Op, in.ID, in.Caller, in.Callee, output)
	},
}
