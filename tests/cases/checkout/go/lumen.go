// Package lumen renders scenes.
package lumen

import "fmt"

// Scene is what is rendered.
type Scene struct {
	Lights int
}

// Render returns the picture's name.
func (s *Scene) Render(depth int) (string, error) {
	return fmt.Sprint(depth), nil
}
