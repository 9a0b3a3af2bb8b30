//go:build linux && !cgo

// Package shapes draws.
//
// It needs a Canvas.
package shapes

// Point is a point.
type Point struct {
	// X is across.
	X, Y int `json:"x"` // where it is
	*fmt.Stringer
	Base
	other.Thing[int]
	draw func(a int) error
	nested struct {
		Inner string
	}
}

type (
	// Shape can be drawn.
	Shape interface {
		// Area says how large.
		Area(unit string) (size float64, err error)
		fmt.Stringer
		~int | ~float64
	}
	ID = string
	Handler func(w Writer) error
	Set[T comparable] map[T]struct{}
)

type Number interface{ ~int | ~float64 }

type empty struct{}

const (
	// Red is first.
	Red Color = iota // like blood
	Green
	_
	Blue, Alpha = iota, "a"
)

const Limit = 1 << 10

// Shared by all.
var (
	Global = map[string]int{
		"a": 1,
	}
	count, total int
	_ Shape      = (*Point)(nil)
)

var ErrGone = errors.New("gone")
