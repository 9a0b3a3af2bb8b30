// Copyright 2026 The Authors. All rights reserved.

package main

import (
	"embed"
	"fmt"
	str "strings"

	_ "net/http/pprof"
	. "math"
)
import "C"

// Area says how large.
func (p Point) Area() float64 { return 1 }

//go:noinline
func (p *Point) Move(dx int) { p.X += dx }

// Has needs a comparable type.
//
// Deprecated: use Contains.
func (s *Set[K, V]) Has(key K) bool {
	type local struct{ a int }
	const inside = 3
	var x = func() int { return 1 }
	return false
}

func (Unnamed) Empty()

func Max[T Number](a, b T) T {
	return a
}

func multi(
	first int, // comment
	rest ...string,
) (n int, err error) {
	s := `func inRaw() {}`
	return
}

func init() {}
func init() {}

func 世界() {}

func Apply(f func(int) (int, error)) func() error { return nil }
