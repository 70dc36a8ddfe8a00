package main

import "errors"

type demoCommand struct{}

// Run is not written yet.
func (demoCommand) Run(c console) error { return errors.New("not written yet") }
