//go:build !linux

package main

import (
	"errors"
	"os"
)

// The bench runs on Linux only: package load does.
var errLinux = errors.New("the bench needs Linux")

func reserve(*os.File, int64, int64) error { return errLinux }

func datasync(*os.File) error { return errLinux }

func forgetFile(*os.File) error { return errLinux }

func diskFree(string) (int64, error) { return 0, errLinux }
