//go:build !linux

package load

import (
	"context"
	"errors"
)

// Run measures on Linux only.
func Run(context.Context, Plan) (Result, error) {
	return Result{}, errors.New("the load generator needs Linux: it waits with epoll_pwait2")
}
