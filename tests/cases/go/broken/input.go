package broken

import "fmt"

func Before() int { return 1 }

func Half(a int {
	if a > {
		return
}

type After struct {
	Name string

func (a After) String() string { return a.Name }

const Last = 1
